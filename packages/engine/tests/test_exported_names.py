"""The public surface: the names, each with a docstring that has an example, and the types that go along."""

from __future__ import annotations

import doctest
import importlib
import importlib.resources
import inspect
import pkgutil
import subprocess
import sys
from typing import Any

import pytest

from micrograd import engine
from micrograd.engine.ops.op import Op

EXCEPTIONS = {
    "AnomalyError",
    "GradientMismatch",
    "GraphError",
    "MicrogradAttributeError",
    "MicrogradError",
    "MicrogradIndexError",
    "MicrogradTypeError",
    "MicrogradValueError",
    "MissingExtraError",
    "ProgramError",
    "TracingError",
}
TOOLS = {
    "Value", "check_gradients", "detect_anomaly", "grad", "hessian", "hvp", "jacobian", "jit", "jvp", "keep_memory",
    "no_grad", "primitive", "value_and_grad", "vjp",
}  # fmt: skip
PRIMITIVES = {
    "abs", "add", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "ceil",
    "celu", "clamp_max", "clamp_min", "copysign", "cos", "cosh", "div", "elu", "erf", "erfc", "exp", "exp2", "expm1",
    "floor", "floor_divide", "fmod", "gaussian", "gelu", "gelu_slope", "hardsigmoid", "hardswish", "hardtanh", "hypot",
    "leaky_relu", "log", "log10", "log1p", "log2", "logaddexp", "logsigmoid", "maximum", "minimum", "mish", "mod",
    "mul", "neg", "pow", "reciprocal", "relu", "relu6", "round", "rsqrt", "selu", "sigmoid", "sign", "silu", "sin",
    "sinc", "sinh", "softplus", "softsign", "sqrt", "square", "stop_gradient", "sub", "tan", "tanh", "tanhshrink",
    "trunc", "where", "xlogy",
}  # fmt: skip
COMPOSED = {
    "clip", "degrees", "fmax", "fmin", "glu", "hardshrink", "heaviside", "isfinite", "isinf", "isnan", "lerp",
    "logaddexp2", "logit", "prelu", "radians", "softshrink", "threshold",
}  # fmt: skip
ALIASES = {
    "absolute": "abs",
    "acos": "arccos",
    "acosh": "arccosh",
    "around": "round",
    "asin": "arcsin",
    "asinh": "arcsinh",
    "atan": "arctan",
    "atan2": "arctan2",
    "atanh": "arctanh",
    "clamp": "clip",
    "divide": "div",
    "deg2rad": "radians",
    "multiply": "mul",
    "negative": "neg",
    "power": "pow",
    "rad2deg": "degrees",
    "remainder": "mod",
    "subtract": "sub",
}
EXAMPLES = doctest.DocTestParser()
PUBLIC = """
import inspect
from micrograd import engine
print(*[name for name, thing in vars(engine).items() if not name.startswith("_") and not inspect.ismodule(thing)])
"""  # in a process of its own, in which nobody has asked for what is imported when first used


def test_the_names() -> None:
    assert set(engine.__all__) == EXCEPTIONS | TOOLS | PRIMITIVES | COMPOSED | set(ALIASES)


def test_the_list_of_names_is_complete_and_has_each_once() -> None:
    assert len(engine.__all__) == len(set(engine.__all__))
    asked_for = subprocess.run([sys.executable, "-c", PUBLIC], capture_output=True, text=True, check=True).stdout
    assert set(asked_for.split()) <= set(engine.__all__)
    assert all(hasattr(engine, name) for name in engine.__all__)


LISTED = """
from micrograd import engine
listed = dir(engine)
print(set(engine.__all__) <= set(listed), len(listed) == len(set(listed)))
print(all(hasattr(engine, name) for name in listed))
print("matmul" in listed, "Tensor" in listed)
"""


@pytest.mark.parametrize("has_numpy", [False, True], ids=["without NumPy", "with NumPy"])
def test_dir_lists_what_is_imported_when_first_used(has_numpy: bool) -> None:
    if has_numpy:
        pytest.importorskip("numpy")
    code = LISTED if has_numpy else f"import sys; sys.modules['numpy'] = None\n{LISTED}"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert listed == f"True True\nTrue\n{has_numpy} {has_numpy}\n"


@pytest.mark.parametrize(("wrong", "right"), [("tensor", "Tensor"), ("matmull", "matmul"), ("Valeu", "Value")])
def test_a_misspelt_name_is_answered_with_a_similar_one(wrong: str, right: str) -> None:
    pytest.importorskip("numpy")
    code = f"from micrograd import engine; engine.{wrong}"
    message = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr
    assert f"module 'micrograd.engine' has no attribute {wrong!r}. Did you mean: {right!r}?" in message


@pytest.mark.parametrize("name", ["Tensor", "matmul", "misspelt"])
def test_without_numpy_a_name_that_is_not_there_is_answered_with_the_extra(name: str) -> None:
    code = f"import sys; sys.modules['numpy'] = None\nfrom micrograd.engine import {name}"
    message = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr
    assert f"micrograd.engine has no {name!r} here. All that works on arrays needs NumPy: " in message
    assert 'pip install "micrograd-engine[tensor]"' in message


@pytest.mark.parametrize("name", ALIASES)
def test_a_second_name_is_the_same_function(name: str) -> None:
    assert getattr(engine, name) is getattr(engine, ALIASES[name])


def test_names_that_hide_a_builtin_do_for_numbers_what_it_does() -> None:
    assert engine.abs(-2.0) == abs(-2.0)
    assert engine.pow(2.0, 3.0) == pow(2.0, 3.0)
    assert engine.round(2.5) == round(2.5)


@pytest.mark.parametrize("name", sorted(PRIMITIVES | COMPOSED | TOOLS))
def test_every_public_name_has_an_example(name: str) -> None:
    thing = getattr(engine, name)
    doc = inspect.getdoc(thing)
    assert doc
    assert EXAMPLES.get_examples(doc), f"{name} has no example"
    assert thing.__module__.startswith("micrograd.engine")


@pytest.mark.parametrize("name", sorted(PRIMITIVES))
def test_primitives_are_entries_of_the_table(name: str) -> None:
    op = getattr(engine, name)
    assert isinstance(op, Op)
    assert op.name == op.__name__ == name
    assert repr(op)


@pytest.mark.parametrize(
    "name", sorted(name for name, member in inspect.getmembers(engine.Value) if not name.startswith("_"))
)
def test_every_public_method_of_value_is_documented(name: str) -> None:
    member: Any = inspect.getattr_static(engine.Value, name)
    if inspect.ismemberdescriptor(member):  # a slot: the class says what it holds
        from micrograd.engine.graph import Node

        assert name in (Node.__doc__ or "")
    else:
        assert inspect.getdoc(getattr(engine.Value, name)) or inspect.getdoc(member)


def modules() -> list[str]:
    found = pkgutil.walk_packages(engine.__path__, "micrograd.engine.")
    return ["micrograd.engine", *(module.name for module in found)]


@pytest.mark.parametrize("name", modules())
def test_every_module_says_what_it_is(name: str) -> None:
    if importlib.util.find_spec("numpy") is None:
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            pytest.skip(f"needs NumPy: {error}")
    else:
        module = importlib.import_module(name)
    assert module.__doc__ or not [line for line in inspect.getsource(module).splitlines() if line.strip()]


def test_the_types_are_shipped() -> None:
    assert importlib.resources.files("micrograd.engine").joinpath("py.typed").is_file()
