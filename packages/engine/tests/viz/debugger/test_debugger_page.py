"""What stands in the page of `debug`: everybody's text as text, and numbers exact."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from array import array

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import Tensor, Value, cross_entropy  # noqa: E402
from micrograd.engine.viz import debug, keep_sources  # noqa: E402

HOSTILE = "</script><img src=x onerror=alert(1)>"


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.DOTALL)[1])


def doubles(text):
    return array("d", base64.b64decode(text)).tolist()


def test_labels_names_and_lines_are_no_html():
    with keep_sources():
        x = Value(2.0, label=HOSTILE)
        y = x * Value(3.0)  # </script><img src=x onerror=alert(1)>
    page = debug(y, parameters={HOSTILE: y.inputs[1]})
    assert "<img" not in page.html
    graph = data_of(page)["graph"]
    assert next(iter(graph["names"].values())) == HOSTILE
    assert any(source and HOSTILE in source[2] for source in graph["sources"])


def test_numbers_are_exact():
    x = Value(0.1, label="x")
    y = (x * x).exp()
    graph = data_of(debug(y))["graph"]
    y.backward()
    assert doubles(graph["grad"]) == [x.grad, y.inputs[0].grad, 1.0]
    assert doubles(graph["data"]) == [0.1, 0.1 * 0.1, y.data]


def test_arrays_come_with_their_numbers_up_to_a_limit():
    x = Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    large = Tensor(np.zeros((100, 100)), requires_grad=True)
    graph = data_of(debug((x * x).sum() + large.sum()))["graph"]
    small = graph["arrays"]["0"]
    assert (small["shape"], small["min"], small["max"], doubles(small["numbers"])) == (
        "2×3",
        0.0,
        5.0,
        [0, 1, 2, 3, 4, 5],
    )
    assert doubles(graph["gradArrays"]["0"]["numbers"]) == [0, 2, 4, 6, 8, 10]
    shown = next(entry for entry in graph["arrays"].values() if entry["shape"] == "100×100")
    assert "numbers" not in shown
    assert (shown["map"]["rows"], shown["map"]["columns"]) == (12, 20)


def test_a_tensor_without_gradient_or_of_many_numbers_has_a_forward_pass_alone():
    for root in (Tensor([1.0, 2.0]) * 2.0, Tensor([1.0, 2.0], requires_grad=True) * 2.0):
        graph = data_of(debug(root))["graph"]
        assert not any(array("b", base64.b64decode(graph["reached"])))


def test_a_classifier_on_tensors_can_be_shown():
    W = Tensor(np.ones((3, 4)), requires_grad=True, label="W")
    loss = cross_entropy(Tensor(np.eye(3)) @ W, np.array([0, 1, 3]))
    assert repr(debug(loss, parameters=[W])).startswith("<Debugger of ")


def test_a_graph_of_values_needs_the_standard_library_alone():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from micrograd.engine import Value\n"
        "from micrograd.engine.viz import debug\n"
        "x = Value(2.0, label='x')\n"
        "print(debug(sum(x * k for k in range(30)).tanh())._repr_html_()[:7])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout == "<iframe\n"


def test_the_same_expression_gives_the_same_page_in_every_process():
    code = (
        "from micrograd.engine import Value\n"
        "from micrograd.engine.viz import debug\n"
        "x = [Value(0.1 * k, label=f'x{k}') for k in range(9)]\n"
        "y = sum(sum(a * b for b in x).tanh() for a in x)\n"
        "print(ascii(debug(y, parameters=x).html))\n"
    )
    pages = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert pages[0] == pages[1]


def test_a_bad_number_in_an_array_is_found():
    t = Tensor([1.0, np.nan, -np.inf], requires_grad=True, label="t")
    assert '"bad":{"place":' in debug((t * 2.0).sum()).html
