"""The SVG writer: read back with an XML parser."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import Value
from micrograd.engine.viz import draw_dot
from micrograd.engine.viz.pictures.scene import arrange
from micrograd.engine.viz.pictures.style import DARK, LIGHT
from micrograd.engine.viz.view import view_graph

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "]]></style><script>alert(1)</script>",
    "\"double\" & 'single'",
    "&lt;already&gt; &amp; escaped",
    "two\nlines\tand\x00control\x1b",
    "\ud800 lone \udfff",
    "重み 🎉 ω̂ \u202e",
    "x" * 5000,
    "",
    " ",
]


def parse(drawing):
    return ET.fromstring(drawing.svg)


def shown(tree, kind):
    return [text.text for text in tree.iter(f"{SVG}text") if text.get("class") == kind]


def neuron():
    w, x, b = Value(0.5, label="w"), Value(-2.0, label="x"), Value(1.0, label="b")
    out = (w * x + b).tanh()
    out.label = "out"
    out.backward()
    return out, [w, b]


def test_a_card_for_each_value_and_a_sign_for_each_operation():
    out, parameters = neuron()
    tree = parse(draw_dot(out, parameters=parameters))
    groups = [group.get("class") for group in tree.iter(f"{SVG}g")]
    assert sorted(groups) == ["data", "interior", "interior", "interior", "op", "op", "op", "parameter", "parameter"]
    assert sorted(shown(tree, "label")) == ["b", "out", "w", "x"]
    assert sorted(shown(tree, "tag")) == ["input", "param", "param"]
    assert sorted(shown(tree, "sign") + shown(tree, "word")) == ["*", "+", "tanh"]
    assert len([path for path in tree.iter(f"{SVG}path") if path.get("class") == "edge"]) == 8


def test_data_and_gradient_of_each_value():
    tree = parse(draw_dot(Value(1 / 3, label="third")))
    assert shown(tree, "caption") == ["data", "grad"]
    assert shown(tree, "number") == ["0.3333", "0.0000"]
    assert "data 0.3333333333333333" in tree.find(f".//{SVG}g/{SVG}title").text


def test_the_picture_says_what_it_is_to_those_who_cannot_see_it():
    out, parameters = neuron()
    tree = parse(draw_dot(out, parameters=parameters))
    title, description = (tree.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert tree.get("role") == "img"
    assert tree.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == "Computation graph of out"
    assert description.text.startswith("2 parameters, 1 other leaves and 3 operations, running from left to right;")


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_shown_as_text(label):
    x = Value(1.0, label=label)
    x.relu()
    tree = parse(draw_dot(Value(2.0, (x,), label), parameters={label: x}))
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "defs",
        "marker",
        "path",
        "rect",
        "g",
        "text",
    }
    assert all(len(text or "") <= 26 for text in shown(tree, "label"))


def test_what_is_cut_off_is_in_the_tooltip():
    label = "layers[0].neurons[12].a_very_long_name"
    tree = parse(draw_dot(Value(1.0, label=label)))
    assert shown(tree, "label") == ["layers[0].neurons[12].a_v…"]
    assert label in tree.find(f".//{SVG}g/{SVG}title").text


@given(st.text(st.characters(), max_size=80))
def test_any_label_gives_well_formed_xml(label):
    tree = parse(draw_dot(Value(1.0, label=label)))
    assert tree.tag == f"{SVG}svg"


def test_pictures_do_not_share_ids_or_styles():
    first, second = (draw_dot(Value(number)).svg for number in (1.0, 2.0))
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (first, second)]
    assert not ids[0] & ids[1]
    style = ET.fromstring(first).find(f"{SVG}style").text
    selectors = [selector for rule in re.findall(r"^([^@{}]+)\{", style, re.MULTILINE) for selector in rule.split(",")]
    key = ET.fromstring(first).get("id")
    assert selectors
    assert all(selector.startswith(f"#{key} ") for selector in selectors)


def test_nothing_is_loaded_from_elsewhere():
    svg = draw_dot(neuron()[0]).svg
    assert set(re.findall(r"\w+://[^\"\s<]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]+)\)", svg))


EXPRESSION = """
import hashlib, sys
from micrograd.engine import Value
from micrograd.engine.viz import draw_dot
a, b = Value(-4.0, label="a"), Value(2.0, label="b")
c = a + b
d = a * b + b**3
c = c + c + 1
c = c + 1 + c + (-a)
d = d + d * 2 + (b + a).relu()
d = d + 3 * d + (b - a).relu()
f = (c - d) ** 2
g = f / 2.0 + 10.0 / f
g.backward()
drawing = draw_dot(g, parameters={a, b})
print(hashlib.sha256((drawing.svg + drawing.source).encode()).hexdigest())
"""


def test_the_same_bytes_in_every_process():
    digests = set()
    for seed in ("0", "1", "2", "random"):
        run = subprocess.run(
            [sys.executable, "-c", EXPRESSION],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(run.stdout)
    assert len(digests) == 1


# ---- places ----------------------------------------------------------------------------------------------------------


def inside(node, point, slack=0.01):
    (x, y), (width, height) = node.corner, node.size
    return x - slack <= point[0] <= x + width + slack and y - slack <= point[1] <= y + height + slack


@st.composite
def expressions(draw):
    """A random expression with shared nodes and repeated operands."""
    values = [Value(draw(st.floats(-3, 3)), label=label) for label in ("a", "b", "")]
    for _ in range(draw(st.integers(1, 20))):
        left, right = (draw(st.sampled_from(values[-8:])) for _ in range(2))
        values.append(draw(st.sampled_from([left + right, left - right, left * right, left.tanh(), left**2])))
    return values[-1]


@given(expressions(), st.sampled_from(["LR", "TB"]))
def test_arrows_end_on_the_outline_of_their_targets(root, rankdir):
    scene = arrange(view_graph(root), rankdir)
    nodes = {node.view.id: node for node in scene.nodes}
    for edge in scene.edges:
        target = nodes[edge.view.target]
        assert inside(target, edge.points[-1])
        x, y = edge.points[-1]
        further = (x + 0.6 * target.size[1], y) if rankdir == "LR" else (x, y + 0.6 * target.size[1])
        before = (x - 14, y) if rankdir == "LR" else (x, y - 14)
        assert inside(target, further)
        assert not inside(target, before)


@given(expressions(), st.sampled_from(["LR", "TB"]))
def test_everything_lies_within_the_picture(root, rankdir):
    scene = arrange(view_graph(root), rankdir)
    points = [point for edge in scene.edges for point in edge.points]
    points += [node.corner for node in scene.nodes]
    points += [(n.corner[0] + n.size[0], n.corner[1] + n.size[1]) for n in scene.nodes]
    assert all(0 < x < scene.size[0] and 0 < y < scene.size[1] for x, y in points)


def test_two_uses_by_one_operation_are_two_arrows_side_by_side():
    a = Value(2.0, label="a")
    scene = arrange(view_graph(a + a))
    first, second = (edge.points for edge in scene.edges if edge.view.operand is not None)
    assert abs(first[0][1] - second[0][1]) > 5
    assert abs(first[-1][1] - second[-1][1]) > 5


def test_places_of_operands_are_written_where_they_matter():
    a, b = Value(1.0), Value(2.0)
    assert shown(parse(draw_dot(a - b)), "place") == ["1", "2"]
    assert shown(parse(draw_dot(a + b)), "place") == []


# ---- colours ---------------------------------------------------------------------------------------------------------


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colour(dress, selector, attribute):
    rules = [rule for selectors, rule in dress.items() if selector in selectors.split(",")]
    return re.search(rf"{attribute}:(#\w{{6}})", ";".join(rules)).group(1)


@pytest.mark.parametrize("dress", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_that_of_wcag_aa(dress):
    for kind in ("parameter", "data", "interior"):
        ground = colour(dress, f".{kind} .box", "fill")
        small = colour(dress, ".caption" if kind == "interior" else f".{kind} .caption", "fill")
        assert contrast(colour(dress, "text", "fill"), ground) >= 7
        assert contrast(small, ground) >= 4.5
    assert contrast(colour(dress, ".op text", "fill"), colour(dress, ".op .box", "fill")) >= 7
    paper = colour(dress, ".paper", "fill")
    assert contrast(colour(dress, ".place", "fill"), paper) >= 4.5
    for line in (".edge", ".parameter .box", ".data .box"):
        assert contrast(colour(dress, line, "stroke"), paper) >= 3


def test_both_dresses_cover_the_same_parts():
    assert set(LIGHT) == set(DARK)
