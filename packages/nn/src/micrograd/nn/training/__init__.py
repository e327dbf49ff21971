"""Training: `fit`, the loop, and what goes with it.

In processing order: `samples.py` and `array_samples.py` hold the data, `batches.py` their order; `updates.py` takes a
step, on the recorded graph or through `compiled_steps.py`; `evaluation.py` looks at the validation data, and `loop.py`
turns these over. A `Run` (`runs.py`) is the training as it stands, on which `callbacks.py`, `statistics.py` and
`live.py` look, which `checkpoints.py` saves, and whose `history.py` is returned. `divergence.py` says where a nan
began, and `lr_finder.py` looks for a learning rate.
"""

from micrograd.nn.training.compiled_steps import jit_train_step
from micrograd.nn.training.divergence import DivergedError
from micrograd.nn.training.history import History
from micrograd.nn.training.loop import Optimizer, Scheduler, fit
from micrograd.nn.training.updates import Loss

__all__ = ["DivergedError", "History", "Loss", "Optimizer", "Scheduler", "fit", "jit_train_step"]
