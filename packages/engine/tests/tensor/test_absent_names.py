"""Names of PyTorch and NumPy that aren't here: each is an AttributeError with code that runs."""

from __future__ import annotations

import copy
import pickle

import pytest

np = pytest.importorskip("numpy")

from micrograd import engine  # noqa: E402
from micrograd.engine import absent_names, functions  # noqa: E402
from micrograd.engine.errors import MicrogradAttributeError  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

T, U = Tensor(np.arange(1.0, 10.0).reshape(3, 3)), Tensor(np.ones((3, 3)))


@pytest.mark.parametrize("name", absent_names.INSTEAD)
def test_the_code_to_write_instead_runs(name: str) -> None:
    names = {name: getattr(functions, name) for name in functions.__all__}
    eval(absent_names.INSTEAD[name], {**names, "np": np, "Tensor": Tensor, "t": T, "u": U})
    for owner in (T, engine):
        with pytest.raises(MicrogradAttributeError) as caught:
            getattr(owner, name)
        assert absent_names.INSTEAD[name] in str(caught.value)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("cuda", "on the CPU alone"),
        ("to", r"t\.astype\(np\.float32\)"),
        ("zero_", r"t\.data\[\.\.\.\] = 0\.0"),
        ("add_", r"t = t\.add\(\.\.\.\)"),
        ("strides", r"t\.data\.strides"),
        ("frobnicate", r"'Tensor' object has no attribute 'frobnicate'"),
    ],
)
def test_what_has_no_other_name_is_explained(name: str, advice: str) -> None:
    assert not hasattr(T, name)
    assert name not in dir(T)
    with pytest.raises(AttributeError, match=advice):
        getattr(T, name)


def test_what_python_and_numpy_look_for_is_not_found_as_ever() -> None:
    for name in ("__array_interface__", "_repr_png_", "__len_hint__"):
        assert not hasattr(T, name)
    assert np.array_equal(np.asarray(copy.deepcopy(T)), pickle.loads(pickle.dumps(T)))
