"""Names of PyTorch and NumPy that aren't here: each is an AttributeError with code that runs."""

from __future__ import annotations

import copy
import pickle

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine.arrays import functions  # noqa: E402
from micrograd.engine.arrays.absent_names import ABSENT  # noqa: E402
from micrograd.engine.errors import MicrogradAttributeError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402


def pair() -> tuple[Tensor, Tensor]:
    return Tensor(np.arange(1.0, 10.0).reshape(3, 3)), Tensor(np.ones((3, 3)))


@pytest.mark.parametrize("name", ABSENT)
def test_the_code_to_write_instead_runs(name: str) -> None:
    t, u = pair()
    exec(
        ABSENT[name].code,
        {n: getattr(functions, n) for n in functions.__all__} | {"np": np, "Tensor": Tensor, "t": t, "u": u},
    )
    for owner in (t, Tensor, engine):
        assert not hasattr(owner, name)
        with pytest.raises(MicrogradAttributeError) as caught:
            getattr(owner, name)
        assert f"Write {ABSENT[name].code}" in str(caught.value)
        assert caught.value.name == name


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("cuda", "on the CPU alone"),
        ("to", r"t\.astype\(np\.float32\)"),
        ("zero_", r"t\.data\[\.\.\.\] = 0\.0: or of a gradient"),
        ("add_", r"t\.add\(u\): it makes a new Tensor"),
        ("strides", r"Write t\.data\.strides\.$"),
        ("view", r"Write t\.reshape\(9\) \(for a t of shape \(3, 3\)\)\.$"),
    ],
)
def test_what_to_write_is_explained(name: str, advice: str) -> None:
    with pytest.raises(AttributeError, match=advice):
        getattr(pair()[0], name)


def test_absent_names_are_not_offered_and_shadow_nothing() -> None:
    t = pair()[0]
    assert not set(dir(t)) & set(ABSENT)
    assert not set(functions.__all__) & set(ABSENT)
    for name in ("frobnicate", "__array_interface__", "_repr_png_"):
        assert not hasattr(t, name)
        assert not hasattr(engine, name)
    assert np.array_equal(copy.deepcopy(t).data, pickle.loads(pickle.dumps(t)).data)
