"""What the page for those who come from PyTorch calls by name is there to be called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import micrograd.datasets
import micrograd.engine
import micrograd.nn
from micrograd.engine import Tensor

PAGE = Path(__file__).parents[1] / "docs" / "how-to" / "from-pytorch.md"
PLACES = (micrograd.engine, micrograd.nn, micrograd.nn.Module, Tensor, micrograd.datasets.Dataset)


def named() -> list[str]:
    """The names in the second column of its table, each without what it is called on and its arguments."""
    rows = re.findall(r"^\| .* \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    spans = [span for row in rows for span in re.findall(r"`([^`]+)`", row) if "micrograd." not in span]
    return [re.match(r"(?:[a-z]+\.)?(\w+)", span)[1] for span in spans if "=" not in span.partition("(")[0]]


@pytest.mark.parametrize("name", named())
def test_name_exists(name: str) -> None:
    assert any(hasattr(place, name) for place in PLACES)


def test_transpose_and_max_differ_as_the_page_says() -> None:
    t = Tensor([[0.0, 2.0, 1.0], [3.0, 4.0, 5.0]])
    assert (t.transpose(0, 1).shape, t.swapaxes(0, 1).shape, t.T.shape) == ((2, 3), (3, 2), (3, 2))
    assert (t.max(dim=1).tolist(), t.argmax(dim=1).tolist()) == ([2.0, 5.0], [1, 2])
