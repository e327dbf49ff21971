"""`Checkpoint`: the state of a training in a file, from which the same call goes on as if nothing had happened."""

from __future__ import annotations

import os
from pathlib import Path

from micrograd.engine.errors import MicrogradValueError
from micrograd.nn.training.runs import Run
from micrograd.nn.validation import whole_number


class Checkpoint:
    """Save the whole state of a training every so many steps, and at its end.

    It holds the numbers of the model, the optimiser and the schedule, the history, the order of the batches, the states
    of the random generators that modules have as attributes, as dropout does, and the callbacks' states. A run that is
    killed at any time and begun again, with the same arguments, ends with the same bits as one that isn't.

    Args:
        path: The file; by custom it ends in `.safetensors`.
        every: After how many steps to save.
        resume: Whether to go on from the file if there is one; else the training begins anew and replaces it.

    Raises:
        MicrogradTypeError: If the model, the optimiser or the schedule has no `state_dict()`.
        MicrogradValueError: If the file is of another training: other shapes, data or batch size.
        CheckpointError: If the file is damaged.

    Example:
        >>> import random, tempfile
        >>> from micrograd.nn import MLP, SGD, fit, mse_loss
        >>> data = [[1.0], [2.0]], [1.0, 2.0]
        >>> def train(steps):
        ...     model = MLP(1, [1], rng=random.Random(0))
        ...     optimizer, checkpoint = SGD(model.parameters(), lr=0.1), Checkpoint(path, every=5, resume=True)
        ...     return fit(model, data, mse_loss, optimizer, steps=steps, checkpoint=checkpoint, progress=False)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/run.safetensors"
        ...     first, second = train(10), train(15)
        >>> len(second), second.loss[:10] == first.loss
        (15, True)
    """

    def __init__(self, path: str | os.PathLike[str], every: int = 100, resume: bool = False) -> None:
        self.path = Path(path)
        self.every = whole_number(every, "every", 'Checkpoint("run.safetensors", every=100)')
        self.is_resumed = resume

    def resume(self, run: Run) -> None:
        """Put the run where the file left it, if it is to go on and there is a file.

        Raises:
            MicrogradValueError: If no file can be there, so that nothing could be saved later.
        """
        if self.path.is_dir() or not self.path.parent.is_dir():
            what = f"{self.path} is a folder" if self.path.is_dir() else f"there is no folder {self.path.parent}"
            raise MicrogradValueError(
                f"a checkpoint is a file, but {what}. Write Checkpoint(folder / 'run.safetensors') with a folder that "
                "was made by folder.mkdir(parents=True, exist_ok=True)."
            )
        if self.is_resumed and self.path.exists():
            from micrograd.nn.serialization import load_state

            run.load_state_dict(load_state(self.path))

    def after_step(self, run: Run) -> None:
        """Save, if it is time."""
        if run.step % self.every == 0 or run.is_over:
            from micrograd.nn.serialization import save_state

            save_state(run.state_dict(), self.path)
