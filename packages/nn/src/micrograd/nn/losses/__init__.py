"""How wrong a model's answers are: of Values one by one, and of Tensors in batches.

`values.py` needs the standard library alone; `arrays.py` and `signs.py` hold the losses of batches as functions, and
`logits.py` the look at what they are given. `loss.py` makes a module of a function; the modules are in
`classification.py`, `regression.py`, `distributions.py`, `hinges.py` and `comparisons.py`.
"""

from micrograd.nn.losses.values import hinge_loss, l2_penalty, mse_loss

__all__ = ["hinge_loss", "l2_penalty", "mse_loss"]
