"""What a notebook shows of Values, Tensors and programs with no call at all."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from micrograd.engine import Value
from micrograd.engine.viz.nearest import opened_near
from micrograd.engine.viz.view import view_graph

LIMIT = 100_000  # bytes of a card


def parsed(html: str) -> ET.Element:
    return ET.fromstring(html)


def chain(count: int) -> Value:
    x = Value(1.0, label="x")
    y = x
    for _ in range(count):
        y = (y * x).tanh()
    return y


def test_a_value_shows_its_number_gradient_and_graph() -> None:
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    html = y._repr_html_()
    assert "<i>data</i>9.0" in html
    assert "<i>grad</i>1.0" in html
    assert parsed(html).find(".//{http://www.w3.org/2000/svg}svg") is not None
    assert "<i>grad</i>6.0" in x._repr_html_()


def test_a_large_graph_stays_small_and_says_what_it_leaves_out() -> None:
    html = chain(50_000)._repr_html_()
    assert len(html) < LIMIT
    assert "of 100,001 nodes" in html or "more than 100,000 nodes" in html
    assert "explain(w, v)" in html


def test_a_part_of_a_graph_marks_where_it_was_cut() -> None:
    y = chain(3)
    view = view_graph(y, opened=opened_near(y, 4))
    assert [node.label for node in view.nodes if node.label.startswith("…")] == ["… tanh"]
    ids = {node.id for node in view.nodes}
    assert {end for edge in view.edges for end in (edge.source, edge.target)} <= ids


def test_all_of_a_graph_that_fits_is_the_plain_view() -> None:
    y = chain(3)
    opened, whole = view_graph(y, opened=opened_near(y, 1000)), view_graph(y)
    assert (opened.edges, [n.id for n in opened.nodes]) == (whole.edges, [n.id for n in whole.nodes])


def test_what_users_write_is_escaped() -> None:
    html = (Value(1.0, label="</style><script>alert(1)</script>") * 2.0)._repr_html_()
    assert "<script" not in html
    parsed(html)


def test_odd_contents_do_no_harm() -> None:
    x = Value(1.0)
    x.grad = None
    x.label = None
    assert "none" in x._repr_html_()
    assert "nan" in Value(float("nan"))._repr_html_()


def test_a_tensor_shows_its_numbers_or_its_graph() -> None:
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    w = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True, label="w")
    assert "<i>shape</i>2×3" in w._repr_html_()
    assert "0., 1., 2." in w._repr_html_()
    assert "<svg" in (w * 2.0).sum()._repr_html_()
    large = Tensor(np.ones((2000, 2000)))._repr_html_()
    assert len(large) < LIMIT


def test_a_program_shows_its_instructions() -> None:
    pytest.importorskip("numpy")
    from micrograd.engine import Tensor, jit

    def many(x):
        for _ in range(100):
            x = (x * 2.0).tanh()
        return x.sum()

    step = jit(many)
    step(Tensor([1.0, 2.0]))
    html = step.program._repr_html_()
    parsed(html)
    assert '<span class="op">tanh</span>' in html
    assert "more lines" in html
    assert len(html) < LIMIT
