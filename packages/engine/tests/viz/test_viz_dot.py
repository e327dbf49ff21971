"""The DOT writer: read back with Graphviz, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from micrograd.engine import Value
from micrograd.engine.viz import draw_dot
from micrograd.engine.viz.text import clip, one_line

needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="the program `dot` of Graphviz isn't installed")

LABELS = [
    "plain",
    "a|b",
    "{a}",
    "<port> a",
    'say "hi"',
    "back\\slash \\n \\N \\l \\",
    "&lt;b&gt; &amp; &#65; & a;",
    "</script><img src=x onerror=alert(1)>",
    "two\nlines",
    "重み 🎉",
    "x" * 200,
    "}; graph [label=evil]; {",
    "\x00\x07\x1b[31m",
]


def test_records_and_operations():
    x, w = Value(3.0, label="x"), Value(0.5)
    y = w * x
    y.label = "y"
    y.backward()
    assert draw_dot(y, rankdir="TB", parameters={"w": w}).source.splitlines() == [
        "digraph {",
        "    graph [rankdir=TB]",
        '    node [fontname="Helvetica,Arial,sans-serif" fontsize=11]',
        '    v0 [label="{ w | data 0.5000 | grad 3.0000 }" shape=record style="bold,filled" fillcolor=cornsilk]',
        '    v1 [label="{ x | data 3.0000 | grad 0.5000 }" shape=record style="rounded,filled" fillcolor=aliceblue]',
        '    op2 [label="*"]',
        '    v2 [label="{ y | data 1.5000 | grad 1.0000 }" shape=record]',
        "    v0 -> op2",
        "    v1 -> op2",
        "    op2 -> v2",
        "}",
    ]


def test_repeated_operands_and_places():
    a = Value(2.0)
    assert draw_dot(a + a).source.count("v0 -> op1\n") == 2
    assert '    v0 -> op1 [headlabel="2" labelfontsize=9]' in draw_dot(a - a).source


@needs_graphviz
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_graphviz_shows_every_label_as_it_is(rankdir):
    root = sum((Value(float(number), label=label) for number, label in enumerate(LABELS)), Value(0.0))
    for label in LABELS:
        root = Value(1.0, (root,), label)
    source = draw_dot(root, rankdir=rankdir).source
    run = subprocess.run(["dot", "-Tsvg"], input=source.encode(), capture_output=True, check=True)
    assert not run.stderr
    texts = [text.text or "" for text in ET.fromstring(run.stdout).iter("{http://www.w3.org/2000/svg}text")]
    shown = [text.replace("\xa0", " ").strip() for text in texts]
    for label in LABELS:
        assert shown.count(clip(one_line(label), 60).strip()) == 2, label


@needs_graphviz
def test_other_formats_are_made_by_graphviz(tmp_path):
    drawing = draw_dot(Value(2.0) * 3.0, format="png")
    assert drawing.pipe()[:4] == b"\x89PNG"
    assert drawing.pipe("pdf")[:4] == b"%PDF"
    assert drawing.render(tmp_path / "out") == str(tmp_path / "out.png")
    assert drawing.save(tmp_path / "out.pdf") == str(tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes()[:4] == b"%PDF"
