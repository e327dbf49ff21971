"""What `micrograd.nn` exports, and that it weighs nothing: these names change on purpose or not at all."""

import subprocess
import sys

import pytest

import micrograd.nn
from micrograd.nn.pytorch_names import INSTEAD

EXPORTED = [
    "MLP",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Callback",
    "ChainedScheduler",
    "Checkpoint",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "DivergedError",
    "EarlyStopping",
    "ExponentialLR",
    "History",
    "LRScheduler",
    "LRSearch",
    "LambdaLR",
    "Layer",
    "LinearLR",
    "Lion",
    "LivePlot",
    "Module",
    "MultiStepLR",
    "MultiplicativeLR",
    "NAdam",
    "Neuron",
    "OneCycleLR",
    "PolynomialLR",
    "RAdam",
    "RMSprop",
    "ReduceLROnPlateau",
    "Rprop",
    "SequentialLR",
    "StepLR",
    "WeightAverage",
    "accuracy",
    "clip_grad_norm",
    "clip_grad_value",
    "evaluate",
    "find_lr",
    "fit",
    "hinge_loss",
    "jit_train_step",
    "l2_penalty",
    "mse_loss",
]

# A process in which nothing but the standard library and ours can be imported.
ALONE = """
import sys
for name in ("numpy", "tqdm", "matplotlib", "sklearn"):
    sys.modules[name] = None
import random
from micrograd.nn import *
from micrograd.nn import plots
random.seed(3)
model = MLP(2, [8, 1])
optimizer = SGD(model.parameters(), lr=0.1, momentum=0.5)
data = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [-1, 1, 1, -1]
print(fit(model, data, hinge_loss, optimizer, steps=50, progress=False).accuracy[-1])
for ask in (lambda: fit(model, data, hinge_loss, optimizer, steps=1), lambda: plots.decision_boundary(model, *data)):
    try:
        ask()
    except ImportError as error:
        print(type(error).__name__, error)
"""


def test_exported_names() -> None:
    assert micrograd.nn.__all__ == EXPORTED
    assert all(hasattr(micrograd.nn, name) for name in EXPORTED)


def test_the_standard_library_and_the_engine_are_enough() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    trained, progress, plot = done.stdout.splitlines()
    assert trained == "1.0"
    assert progress.startswith("MissingExtraError")
    assert "progress=False" in progress
    assert plot.startswith("MissingExtraError")
    assert 'pip install "micrograd-nn[plot]"' in plot


@pytest.mark.parametrize("heavy", ["numpy", "tqdm", "matplotlib"])
def test_import_brings_nothing_heavy(heavy: str) -> None:
    code = f"import micrograd.nn, micrograd.nn.plots, sys; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_what_needs_numpy_is_imported_when_it_is_asked_for() -> None:
    pytest.importorskip("numpy")
    for name in micrograd.nn._OF_ARRAYS:
        assert callable(getattr(micrograd.nn, name)), name
        assert name in dir(micrograd.nn)
    with pytest.raises(AttributeError, match="no attribute 'Lineal'"):
        _ = micrograd.nn.Lineal


def test_names_of_pytorch_say_what_stands_for_them_here() -> None:
    with pytest.raises(
        AttributeError, match=r"no attribute 'Parameter', which PyTorch has. Write .*requires_grad=True"
    ):
        _ = micrograd.nn.Parameter
    assert not any(hasattr(micrograd.nn, name) for name in INSTEAD)


def test_paddings_are_written_out_as_they_work() -> None:
    np = pytest.importorskip("numpy")
    from micrograd.engine import pad

    for axes, shape in (("1d", (1, 1, 5)), ("2d", (1, 1, 5, 5))):
        for kind in ("CircularPad", "ConstantPad", "ReflectionPad", "ReplicationPad"):
            code = INSTEAD[kind + axes].partition("function: ")[2]
            assert eval(code, {"pad": pad, "x": np.ones((1, 1, 3, 3)[: len(shape)])}).shape == shape


def test_initial_weights_are_drawn_without_a_further_import() -> None:
    pytest.importorskip("numpy")
    import subprocess
    import sys

    code = "import micrograd.nn as nn; print(nn.init.zeros.__name__)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "zeros"
