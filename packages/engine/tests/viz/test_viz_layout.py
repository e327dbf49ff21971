"""The layered layout: geometry that must hold on any graph, and known small ones."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine.errors import GraphError
from micrograd.engine.viz.layout import layering
from micrograd.engine.viz.layout.layering import make_layers
from micrograd.engine.viz.layout.ordering import count_crossings, reduce_crossings
from micrograd.engine.viz.layout.sugiyama import lay_out

SLACK = 1e-6


@st.composite
def graphs(draw, most=24):
    """Sizes and edges of an acyclic graph, repeated edges and lone vertices included."""
    count = draw(st.integers(1, most))
    side = st.floats(4, 120)
    sizes = [(draw(side), draw(side)) for _ in range(count)]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    edges = draw(st.lists(pairs, max_size=3 * count)) if count > 1 else []
    return sizes, [(min(pair), max(pair)) for pair in edges]


def boxes(layout, sizes):
    return [(x, y, x + w, y + h) for (x, y), (w, h) in zip(layout.corners, sizes, strict=True)]


def overlap(a, b):
    return a[0] < b[2] - SLACK and b[0] < a[2] - SLACK and a[1] < b[3] - SLACK and b[1] < a[3] - SLACK


@given(graphs(), st.sampled_from(["LR", "TB"]))
def test_boxes_keep_clear_of_each_other_and_within_the_picture(graph, rankdir):
    sizes, edges = graph
    layout = lay_out(sizes, edges, rankdir=rankdir)
    placed = boxes(layout, sizes)
    assert not any(overlap(a, b) for a, b in combinations(placed, 2))
    for left, top, right, bottom in placed:
        assert left >= -SLACK
        assert top >= -SLACK
        assert right <= layout.size[0] + SLACK
        assert bottom <= layout.size[1] + SLACK


@given(graphs())
def test_every_edge_starts_and_ends_where_it_belongs(graph):
    sizes, edges = graph
    layout = lay_out(sizes, edges)
    placed = boxes(layout, sizes)
    forks = {u: set() for u, _ in edges}
    for (u, v), route in zip(edges, layout.routes, strict=True):
        out, into = placed[u], placed[v]
        assert math.isclose(route[-1][0], into[0], abs_tol=SLACK)
        assert math.isclose(route[-1][1], (into[1] + into[3]) / 2, abs_tol=SLACK)
        at_the_box = math.isclose(route[0][0], out[2], abs_tol=SLACK)
        assert at_the_box or route[0] in forks[u], "neither at the box nor on a line from it"
        forks[u].update(route[2:-2:2])


@given(graphs())
def test_lines_run_forward_and_through_no_box(graph):
    sizes, edges = graph
    layout = lay_out(sizes, edges)
    placed = boxes(layout, sizes)
    for route in layout.routes:
        assert all(b[0] >= a[0] - SLACK for a, b in pairwise(route))
        for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(route)):
            # A curve lies between two layers, in the rectangle of its ends; a straight line is level.
            assert number % 2 == 0 or math.isclose(y0, y1, abs_tol=SLACK)
            lane = (x0, min(y0, y1), x1, max(y0, y1) + 2 * SLACK)
            assert not any(overlap(lane, box) for box in placed)


@given(graphs())
def test_layout_is_a_function_of_its_input(graph):
    assert lay_out(*graph) == lay_out(*graph)


@given(graphs())
def test_top_to_bottom_is_left_to_right_turned(graph):
    sizes, edges = graph
    turned = lay_out([(h, w) for w, h in sizes], edges, rankdir="TB")
    assert [(x, y) for y, x in turned.corners] == lay_out(sizes, edges).corners


# ---- layers and crossings --------------------------------------------------------------------------------------------


def crossings_by_hand(layers):
    total = 0
    for first, second in pairwise(layers.order):
        place = {vertex: number for number, vertex in enumerate(second)}
        lines = [(number, place[user]) for number, vertex in enumerate(first) for user in layers.users[vertex]]
        total += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(lines, 2))
    return total


@given(graphs())
def test_each_edge_of_the_layered_graph_leads_to_the_next_layer(graph):
    sizes, edges = graph
    layers = make_layers(len(sizes), edges)
    assert sorted(vertex for layer in layers.order for vertex in layer) == list(range(len(layers.layer_of)))
    for u, v in edges:
        path = layers.path(u, v)
        assert [layers.layer_of[vertex] for vertex in path] == list(range(layers.layer_of[u], layers.layer_of[v] + 1))


@given(graphs())
def test_crossings_are_counted_right_and_never_get_more(graph):
    sizes, edges = graph
    layers = make_layers(len(sizes), edges)
    before = count_crossings(layers)
    assert before == crossings_by_hand(layers)
    reduce_crossings(layers)
    assert count_crossings(layers) == crossings_by_hand(layers) <= before


def crossings(count, edges):
    layers = make_layers(count, edges)
    reduce_crossings(layers)
    return count_crossings(layers)


def complete_bipartite(m, n):
    return [(u, m + v) for u in range(m) for v in range(n)]


@pytest.mark.parametrize(
    ("count", "edges", "fewest"),
    [
        (1, [], 0),
        (4, complete_bipartite(2, 2), 1),
        (6, complete_bipartite(3, 3), 9),
        # Pairs that a bad order interleaves.
        (8, [(0, 7), (1, 6), (2, 5), (3, 4)], 0),
        # A binary tree towards its root.
        (7, [(0, 4), (1, 4), (2, 5), (3, 5), (4, 6), (5, 6)], 0),
        # A ladder with a rung that skips layers.
        (6, [(0, 2), (1, 3), (2, 4), (3, 5), (4, 5), (0, 5)], 0),
        # A ring of two paths of different length.
        (6, [(0, 1), (1, 2), (2, 5), (0, 3), (3, 4), (4, 5)], 0),
    ],
)
def test_crossings_of_known_graphs(count, edges, fewest):
    assert crossings(count, edges) == fewest


def test_a_tree_of_any_shape_is_drawn_without_crossings_in_the_order_of_its_operands():
    edges = [(0, 2), (1, 2), (2, 4), (3, 4), (4, 8), (5, 7), (6, 7), (7, 8)]
    layout = lay_out([(40, 20)] * 9, edges)
    assert crossings(9, edges) == 0
    assert layout.corners[4][1] < layout.corners[7][1], "the first operand is on top"


def test_leaves_stand_right_before_their_operation():
    layers = make_layers(7, [(0, 1), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)])
    assert layers.layer_of[:7] == [0, 1, 2, 2, 3, 3, 4]


def test_neurons_of_a_layer_stand_in_one_column():
    # Two units that read 0 and 1, then a chain that takes them in one after the other.
    edges = [(0, 2), (1, 2), (0, 3), (1, 3), (2, 5), (4, 5), (3, 6), (5, 6)]
    layers = make_layers(7, edges)
    assert layers.layer_of[2] == layers.layer_of[3]


def test_a_chain_is_a_straight_line():
    layout = lay_out([(30, 20)] * 30, [(v, v + 1) for v in range(29)])
    assert len({y for _, y in layout.corners}) == 1


def test_a_node_stands_in_the_middle_of_its_operands():
    layout = lay_out([(30, 20)] * 3, [(0, 2), (1, 2)])
    assert layout.corners[2][1] == (layout.corners[0][1] + layout.corners[1][1]) / 2


def test_cycles_and_strangers_are_refused():
    for edge in [(1, 0), (0, 0), (0, 7), (-1, 1)]:
        with pytest.raises(GraphError, match="sort them first"):
            lay_out([(1, 1), (1, 1)], [edge])


def test_no_boxes_at_all():
    assert lay_out([], []).size == (0.0, 0.0)


@pytest.mark.parametrize(
    ("count", "edges"),
    [
        (5000, [(v, v + 1) for v in range(4999)]),  # deep
        (5000, [(v, 4999) for v in range(4999)]),  # broad
        (3000, [(0, v) for v in range(1, 3000)] + [(v, v + 1) for v in range(1, 2999)]),  # one operand for all
        (3000, [(v, 2999) for v in range(2999)] + [(v, v + 1) for v in range(2998)]),  # one result of all
        (
            3000,
            [(v, v + 1500) for v in range(1500)] + [(v, v + 1) for v in range(2999)],
        ),  # long lines
    ],
)
def test_large_graphs_of_awkward_shapes_stay_small(count, edges):
    layout = lay_out([(40, 20)] * count, edges)
    assert sum(map(len, layout.routes)) < 40 * layering.DUMMY_BUDGET / 10 + 10 * len(edges)
