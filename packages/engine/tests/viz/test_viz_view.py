"""From a recorded graph to plain data."""

from __future__ import annotations

import tracemalloc
import weakref

import pytest

from micrograd.engine import Value, maximum, where
from micrograd.engine.errors import GraphError, MicrogradError, MicrogradTypeError
from micrograd.engine.viz import draw_dot, trace
from micrograd.engine.viz.view import has_at_most, view_graph


def labels(view):
    return [(node.id, node.kind, node.label) for node in view.nodes]


def test_leaves_operations_and_results_in_topological_order():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    y = w * x
    y.label = "y"
    assert labels(view_graph(y, parameters=[w])) == [
        ("v0", "parameter", "w"),
        ("v1", "data", "x"),
        ("op2", "op", "*"),
        ("v2", "interior", "y"),
    ]


def test_numbers_are_those_of_this_moment():
    x = Value(2.0)
    y = x**2
    y.backward()
    view = view_graph(y)
    x.grad = 0.0
    assert [(node.data, node.grad) for node in view.nodes] == [("2.0000", "4.0000"), ("", ""), ("4.0000", "1.0000")]


def test_an_operand_that_is_used_twice_has_two_edges():
    a = Value(2.0)
    edges = [edge for edge in view_graph(a + a).edges if edge.operand is not None]
    assert [(edge.source, edge.operand) for edge in edges] == [("v0", 0), ("v0", 1)]


def test_uses_are_counted_as_contributions_to_the_gradient():
    a = Value(2.0, label="a")
    detail = view_graph(a + a * a).nodes[0].detail
    assert "used 3 times, so its gradient is a sum of 3 contributions" in detail


@pytest.mark.parametrize(
    ("make", "symbol"),
    [
        (lambda x: x**2, "**2"),
        (lambda x: x**0.5, "**0.5"),
        (lambda x: x.relu(), "ReLU"),
        (lambda x: maximum(x, 0.5), "maximum(·, 0.5)"),
        (lambda x: maximum(0.5, x), "maximum(0.5, ·)"),
        (lambda x: where(True, x, 0.0), "where(1, ·, 0)"),
    ],
)
def test_constants_are_shown_with_the_operation(make, symbol):
    assert view_graph(make(Value(2.0))).nodes[1].label == symbol


def test_places_are_those_among_all_operands():
    x, y = Value(1.0), Value(2.0)
    edges = [edge for edge in view_graph(where(True, x, y)).edges if edge.operand is not None]
    assert [edge.operand for edge in edges] == [1, 2]


@pytest.mark.parametrize(("make", "ordered"), [(lambda a, b: a - b, True), (lambda a, b: a * b, False)])
def test_order_of_operands_is_told_where_it_matters(make, ordered):
    view = view_graph(make(Value(1.0), Value(2.0)))
    assert [edge.ordered for edge in view.edges if edge.operand is not None] == [ordered, ordered]


def test_operations_written_by_hand():
    x = Value(0.5, label="x")
    assert labels(view_graph(Value(1.0, (x,), "mine")))[1:] == [("op1", "op", "mine"), ("v1", "interior", "")]
    assert labels(view_graph(Value(1.0, (x,))))[1:] == [("v1", "interior", "")]


# ---- parameters and their names --------------------------------------------------------------------------------------


class Model:
    def __init__(self) -> None:
        self.w, self.b = Value(2.0), Value(1.0, label="bias")

    def __call__(self, x):
        return self.w * x + self.b

    def parameters(self):
        return [self.w, self.b]


class NamedModel(Model):
    def named_parameters(self):
        yield "w", self.w
        yield "b", self.b


@pytest.mark.parametrize(
    ("give", "name"),
    [
        (lambda model: model, "layers.w"),
        (lambda model: dict(model.named_parameters()), "layers.w"),
        (lambda model: model.named_parameters(), "layers.w"),
        (lambda model: model.parameters(), ""),
        (lambda model: (p for p in model.parameters()), ""),
        (lambda model: {model.w, model.b}, ""),
    ],
)
def test_parameters_in_whatever_form(give, name):
    model = NamedModel()
    model.named_parameters = lambda: [("layers.w", model.w), ("layers.b", model.b)]
    view = view_graph(model(Value(3.0)), parameters=give(model))
    found = [(node.label, node.kind) for node in view.nodes if node.kind in ("parameter", "data")]
    # A label that a node has is not replaced by the model's name for it.
    assert sorted(found) == sorted([(name, "parameter"), ("", "data"), ("bias", "parameter")])


def test_a_model_without_names_and_a_single_node():
    model = Model()
    kinds = [node.kind for node in view_graph(model(Value(3.0)), parameters=model).nodes]
    assert kinds.count("parameter") == 2
    assert [node.kind for node in view_graph(model(Value(3.0)), parameters=model.w).nodes].count("parameter") == 1


def test_an_interior_node_stays_interior():
    x = Value(2.0)
    y = x * x
    assert view_graph(y, parameters={"y": y}).nodes[-1].kind == "interior"
    assert view_graph(y, parameters={"y": y}).nodes[-1].label == "y"


@pytest.mark.parametrize("parameters", [3, "w", [1.0], [None], {"w": 2.0}, [("w", 2.0)]])
def test_what_is_no_parameter_is_refused(parameters):
    with pytest.raises(MicrogradTypeError, match=r"parameters=model"):
        view_graph(Value(1.0), parameters=parameters)


# ---- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", [3.0, None, "y", [Value(1.0)], (Value(1.0),), {"y": Value(1.0)}])
@pytest.mark.parametrize("function", [trace, draw_dot])
def test_what_is_no_node_is_refused_with_the_corrected_code(function, root):
    with pytest.raises(MicrogradTypeError, match=r"draw_dot\((values\[0\]|y)\)") as caught:
        function(root)
    assert type(root).__name__ in str(caught.value)


def test_the_limit_counts_values():
    y = Value(1.0) + Value(2.0)
    assert len(view_graph(y, max_nodes=3).nodes) == 4
    with pytest.raises(GraphError, match=r"max_nodes=20"):
        view_graph(y, max_nodes=2)
    assert has_at_most(y, 3)
    assert not has_at_most(y, 2)


def test_a_graph_of_a_million_nodes_is_refused_without_a_copy_and_leaves_nothing():
    y = Value(1.0)
    for _ in range(1_000_000):
        y = y.relu()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        with pytest.raises(MicrogradError, match=r"one sample .* or one neuron"):
            draw_dot(y)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000
    assert peak - before < 2_000_000


def test_a_view_keeps_no_node_alive():
    class Watched(Value):  # unlike Value, it can be referred to weakly
        pass

    leaf = Watched(2.0)
    watch = weakref.ref(leaf)
    drawing = draw_dot(leaf * leaf + 1.0)
    del leaf
    assert watch() is None
    assert "2.0000" in drawing.svg


# ---- as in micrograd's notebook --------------------------------------------------------------------------------------


def notebook_trace(root):
    """The function of micrograd's `trace_graph.ipynb`."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_trace_gives_what_the_notebook_gives():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = (c + c) * (b**3 - a).relu()
    assert trace(d) == notebook_trace(d)


def test_trace_of_a_deep_graph():
    y = Value(1.0)
    for _ in range(50_000):
        y = y + 1.0
    nodes, edges = trace(y)
    assert len(nodes) == 100_001
    assert len(edges) == 100_000
