"""Attributes that a compiled function's code names: with an object, in its slots, with a class or a module."""

from __future__ import annotations

import types
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from micrograd.engine import jit
from micrograd.engine.observing.changes import Announcing

LIMIT = 1.0
"""Read by functions below, and set by the tests."""


class Settings:
    """An object of a user's own."""

    shared = 1.0

    def __init__(self) -> None:
        self._hidden = 1.0

    @property
    def shown(self) -> float:
        return self._hidden

    @staticmethod
    def fixed() -> float:
        return LIMIT

    @classmethod
    def common(cls) -> float:
        return cls.shared

    def __getitem__(self, name: str) -> float:
        return self._hidden


class Slotted:
    __slots__ = ("alpha",)

    def __init__(self) -> None:
        self.alpha = 1.0


class Made:
    """Reads a global as it is made."""

    def __init__(self) -> None:
        self.number = LIMIT


class Net(Announcing):
    scale = 1.0

    def __call__(self, x: Any) -> Any:
        return x * self.scale


def module(name: str, **content: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    vars(made).update(content)
    return made


def set_global(monkeypatch: pytest.MonkeyPatch, _: Any) -> None:
    monkeypatch.setitem(globals(), "LIMIT", 3.0)


def set_class(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(type(settings), "shared", 3.0)


CASES: dict[str, tuple[Callable[[], Any], Callable[[Any, Any], Any], Callable[[Any, Any], None]]] = {
    "class": (Settings, lambda s, x: x * s.shared, set_class),
    "itself a class": (
        lambda: type("Here", (), {"alpha": 1.0}),
        lambda s, x: x * s.alpha,
        lambda _, s: setattr(s, "alpha", 3.0),
    ),
    "hides its class": (Settings, lambda s, x: x * s.shared, lambda _, s: setattr(s, "shared", 3.0)),
    "property": (Settings, lambda s, x: x * s.shown, lambda _, s: setattr(s, "_hidden", 3.0)),
    "static": (Settings, lambda s, x: x * s.fixed(), set_global),
    "class method": (Settings, lambda s, x: x * s.common(), set_class),
    "item": (Settings, lambda s, x: x * s["a"], lambda _, s: setattr(s, "_hidden", 3.0)),
    "slot": (Slotted, lambda s, x: x * s.alpha, lambda _, s: setattr(s, "alpha", 3.0)),
    "made": (lambda: Made, lambda s, x: x * s().number, set_global),
    "module": (
        lambda: module("typed", alpha=1.0),
        lambda s, x: x * s.alpha,
        lambda _, s: setattr(s, "alpha", 3.0),
    ),
    "net": (Net, lambda s, x: s(x), lambda m, s: m.setattr(type(s), "scale", 3.0)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_set_counts_from_the_next_call(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, read, change = CASES[name]
    settings = make()
    f = jit(lambda x: read(settings, x), backend="python")
    assert (f(2.0), f(2.0)) == (2.0, 2.0)
    change(monkeypatch, settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert f(2.0) == 6.0
    assert len(f._compiled) == 2


def test_a_warning_names_the_attribute_of_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    f = jit(lambda x: x * Settings.shared, backend="python")
    f(2.0)
    monkeypatch.setattr(Settings, "shared", 3.0)
    with pytest.warns(RuntimeWarning, match=r"the number Settings\.shared"):
        assert f(2.0) == 6.0


def test_what_the_code_does_not_name_is_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    f = jit(lambda x: x * settings.shown, backend="python")
    f(2.0)
    monkeypatch.setattr(Settings, "shared", 3.0)
    settings.other = 1.0  # type: ignore[attr-defined]
    assert f(2.0) == 2.0
    assert len(f._compiled) == 1
