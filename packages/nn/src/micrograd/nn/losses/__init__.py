"""How wrong a model's answers are: of Values one by one, and of Tensors in batches.

`values.py` needs the standard library alone; `arrays.py` holds the losses of batches, `modules.py` the same as modules,
and `logits.py` the look at what a loss is given.
"""

from micrograd.nn.losses.values import hinge_loss, l2_penalty, mse_loss

__all__ = ["hinge_loss", "l2_penalty", "mse_loss"]
