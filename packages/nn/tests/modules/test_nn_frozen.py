"""Parameters that are frozen by their flag, as in PyTorch: they stay, and are still numbers of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor  # noqa: E402
from micrograd.nn import (  # noqa: E402
    SGD,
    Linear,
    Module,
    ModuleList,
    ReLU,
    Sequential,
    cross_entropy,
    fit,
    load,
    save,
)

X = np.random.default_rng(0).normal(size=(20, 3))
Y = (X[:, 0] > 0).astype(int)
NAMES = ["0.weight", "0.bias", "2.weight", "2.bias"]


def net(seed: int = 0) -> Sequential:
    return Sequential(Linear(3, 4, rng=seed), ReLU(), Linear(4, 2, rng=seed + 1))


def test_a_flag_takes_no_parameter_out_of_the_model(tmp_path: Path) -> None:
    model = net()
    model[0].weight.requires_grad = False  # without anybody having asked for the parameters before
    for parameter in model[2].parameters():
        parameter.requires_grad = False
    assert [name for name, _ in model.named_parameters()] == list(model.state_dict()) == NAMES
    save(model, tmp_path / "model.safetensors")
    other = load(net(seed=7), tmp_path / "model.safetensors")
    assert all((other.state_dict()[name] == array).all() for name, array in model.state_dict().items())
    assert sum(p.requires_grad for p in model.parameters()) == 1


@pytest.mark.parametrize("jit", [False, True])
def test_it_stays_while_the_others_are_trained(jit: bool) -> None:
    model = net()
    optimizer = SGD(model.parameters(), lr=0.5)
    for parameter in model[0].parameters():
        parameter.requires_grad = False
    before = model.state_dict()
    fit(model, (X, Y), cross_entropy, optimizer, steps=3, jit=jit, progress=False)
    moved = [name for name, array in model.state_dict().items() if (array != before[name]).any()]
    assert moved == NAMES[2:]
    model.unfreeze()
    fit(model, (X, Y), cross_entropy, optimizer, steps=3, jit=jit, progress=False)
    assert all((array != before[name]).any() for name, array in model.state_dict().items())


class Shifted(Module):
    """A constant stays one, and a Tensor in a list is learned."""

    def __init__(self) -> None:
        self.constant = Tensor([1.0, 2.0])
        self.learned = [Tensor([0.0, 0.0], requires_grad=True)]
        self.parts = ModuleList([Linear(2, 2, rng=0)])

    def forward(self, x: Any) -> Any:
        return self.parts[0](x + self.constant + self.learned[0])


def test_what_never_was_learned_is_no_parameter() -> None:
    model = Shifted()
    names = ["learned.0", "parts.0.weight", "parts.0.bias"]
    assert [name for name, _ in model.named_parameters()] == names
    for parameter in model.parameters():
        parameter.requires_grad = False
    assert list(model.state_dict()) == names


@pytest.mark.torch
def test_the_state_of_pytorch_s_model_is_taken_as_it_is() -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).double()
    model = net()
    model.load_state_dict(theirs.state_dict())
    np.testing.assert_allclose(model(X).data, theirs(torch.tensor(X)).detach().numpy(), rtol=1e-12)
    model.load_state_dict(dict(theirs.named_parameters()))
