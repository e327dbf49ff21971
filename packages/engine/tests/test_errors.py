"""The exception tree: as its docstring draws it, and complete."""

from __future__ import annotations

import inspect
import pickle

import pytest

from micrograd.engine import errors

TREE = {
    "MicrogradTypeError": TypeError,
    "MicrogradValueError": ValueError,
    "MicrogradAttributeError": AttributeError,
    "MicrogradIndexError": IndexError,
    "GraphError": RuntimeError,
    "TracingError": TypeError,
    "ProgramError": RuntimeError,
    "GradientMismatch": AssertionError,
    "AnomalyError": FloatingPointError,
    "MissingExtraError": ImportError,
}
EXCEPTIONS = {
    name: thing for name, thing in inspect.getmembers(errors, inspect.isclass) if thing.__module__ == errors.__name__
}


def test_the_tree_is_complete() -> None:
    assert set(EXCEPTIONS) == {"MicrogradError", *TREE}


@pytest.mark.parametrize("name", TREE)
def test_each_is_ours_and_the_builtin_that_one_expects(name: str) -> None:
    assert issubclass(EXCEPTIONS[name], errors.MicrogradError)
    assert issubclass(EXCEPTIONS[name], TREE[name])


def test_the_root_is_no_builtin_s_child() -> None:
    assert errors.MicrogradError.__bases__ == (Exception,)


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_the_docstring_draws_it(name: str) -> None:
    assert name in errors.__doc__
    assert EXCEPTIONS[name].__doc__
    if name in TREE:
        assert TREE[name].__name__ in next(line for line in errors.__doc__.splitlines() if name in line)


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_each_carries_its_message_through_pickle(name: str) -> None:
    error = EXCEPTIONS[name]("what happened, why, and what to write")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
