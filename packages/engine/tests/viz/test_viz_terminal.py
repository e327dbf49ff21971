"""`explain` and `show`: gradients and graphs as text."""

from __future__ import annotations

import io

import pytest

from micrograd.engine import GraphError, MicrogradTypeError, Value
from micrograd.engine.viz import explain, keep_sources, show
from micrograd.engine.viz.flow import Flow
from micrograd.engine.viz.nearest import opened_near, shown_by
from micrograd.engine.viz.text import columns


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def explained(*args, **kwargs) -> str:
    out = io.StringIO()
    explain(*args, file=out, **kwargs)
    return out.getvalue()


def shown(root, **kwargs) -> str:
    out = io.StringIO()
    show(root, file=out, **kwargs)
    return out.getvalue()


def expression() -> tuple[Value, list[Value]]:
    leaves = [Value(number, label=f"x{place}") for place, number in enumerate((0.5, -1.5, 2.0))]
    a, b, c = leaves
    shared = a * b + c
    return (shared * shared + shared.tanh() * a) / (1 + b * b), leaves


def chain(count: int) -> Value:
    x = Value(1.0, label="x")
    y = x
    for _ in range(count):
        y = y * 1.0 + x
    return y


# ---- the flow --------------------------------------------------------------------------------------------------------


def test_contributions_sum_to_the_gradients_of_the_engine() -> None:
    root, leaves = expression()
    flow = Flow(root)
    root.backward()
    for leaf in leaves:
        found = flow.into(leaf)
        assert sum(c.amount for c in found) == pytest.approx(leaf.grad, rel=1e-12)
        for c in found:
            assert c.local * c.upstream == pytest.approx(c.amount, rel=1e-12)


def test_contributions_of_tensors_sum_to_the_gradients() -> None:
    np = pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    rng = np.random.default_rng(0)
    w, b = Tensor(rng.normal(size=(4, 3)), requires_grad=True), Tensor(np.zeros(3), requires_grad=True)
    loss = ((Tensor(rng.normal(size=(5, 4))) @ w + b).tanh() ** 2).mean() + (w * w).sum()
    flow = Flow(loss)
    loss.backward()
    for leaf in (w, b):
        np.testing.assert_allclose(sum(c.amount for c in flow.into(leaf)), leaf.grad, rtol=1e-12)
    by_op = {c.user.op.name: c.local for c in flow.into(w)}
    assert by_op["matmul"] is None
    np.testing.assert_array_equal(by_op["mul"], w.data)


def test_nothing_is_written() -> None:
    root, leaves = expression()
    explained(leaves[0], root)
    assert [leaf.grad for leaf in leaves] == [0.0, 0.0, 0.0]
    assert root.grad == 0.0


# ---- explain ---------------------------------------------------------------------------------------------------------


def test_largest_first_and_the_rest_summed_up() -> None:
    x = Value(1.0, label="x")
    text = explained(x, sum((x * k for k in (3.0, -7.0, 1.0, 2.0)), Value(0.0)), rows=2)
    assert text.index("x * (-7)") < text.index("x * 3")
    assert "… 2 smaller ones" in text
    assert "sum" in text
    assert "-1.0000" in text.splitlines()[0]


def test_gradients_that_added_up_are_pointed_out() -> None:
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    assert ".grad holds" not in explained(x, y)
    y.backward()
    assert ".grad holds 12.0000" in explained(x, y)


def test_rows_name_the_line() -> None:
    x = Value(3.0, label="x")
    with keep_sources():
        y = x.exp()
    assert "y = x.exp()" in explained(x, y)


def test_names_come_from_a_mapping() -> None:
    x, w = Value(3.0), Value(2.0)
    text = explained(x * w, parameters={"weight": w})
    assert "weight, 3 * weight" in text
    assert text.splitlines()[0] == "gradients of the root by 1 leaf: 1 contribution"


def test_a_node_without_a_part_in_the_root_is_refused() -> None:
    with pytest.raises(GraphError, match=r"z has no part in the root"):
        explain(Value(1.0, label="z"), Value(2.0) * 3.0)
    with pytest.raises(MicrogradTypeError, match=r"explain\(w, loss\)"):
        explain(3.0)  # type: ignore[arg-type]


def test_tensors_of_many_numbers_are_refused_as_roots() -> None:
    pytest.importorskip("numpy")
    from micrograd.engine import Tensor

    x = Tensor([1.0, 2.0], requires_grad=True, label="x")
    with pytest.raises(GraphError, match=r"y\.sum\(\)"):
        explain(x, x * 2.0)
    with pytest.raises(GraphError, match="requires_grad"):
        explain(Tensor(1.0) * 2.0)
    assert "[2] 2.0000 … 4.0000" in explained(x, (x * x).sum())


def test_a_hand_written_op_and_a_nan_are_explained() -> None:
    x = Value(2.0, label="x")
    out = Value(8.0, (x,), "cube")

    def _backward() -> None:
        x.grad += 12.0 * out.grad

    out._backward = _backward
    assert "cube(x)  12.0000" in explained(x, out)
    assert "nan" in explained(x, out * float("nan"))


# ---- show ------------------------------------------------------------------------------------------------------------


def test_shared_nodes_are_shown_once() -> None:
    x = Value(2.0, label="x")
    shared = x.exp()
    shared.label = "e"
    lines = shown(shared * shared + x).splitlines()[2:]
    assert [line.split("─ ")[-1].split("  ")[0] for line in lines] == ["+", "*", "e = exp", "x", "e = exp", "x"]
    assert [line.split()[-1] for line in lines if "#" in line] == ["#1", "#2", "#1", "#2"]
    assert sum("↑" in line for line in lines) == 2


def test_a_large_graph_is_cut_and_says_so() -> None:
    root = chain(100_000)
    text = shown(root, max_nodes=20)
    assert len(text.splitlines()) < 40
    assert "of 300,001 nodes are shown" in text


def test_opened_nodes_show_all_of_their_operands_within_the_limit() -> None:
    root = chain(50)
    for limit in (1, 2, 3, 10, 1000):
        nodes = shown_by(root, opened_near(root, limit))
        assert len(nodes) <= limit
    assert len(shown_by(root, opened_near(root, 1000, depth=1))) == 3


def test_labels_can_not_forge_lines_or_colours() -> None:
    x = Value(1.0, label="a\nb\x1b[31m")
    assert "\x1b" not in shown(x * 2.0)
    assert len(shown(x * 2.0).splitlines()) == 5


# ---- where it is written ---------------------------------------------------------------------------------------------


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    root, leaves = expression()
    assert "\x1b[" not in explained(leaves[0], root)
    terminal = Terminal()
    explain(leaves[0], root, file=terminal)
    assert "\x1b[1;36mx0" in terminal.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    show(root, file=terminal)
    assert "\x1b[" not in terminal.getvalue()


def test_standard_output_is_the_default(capsys) -> None:
    show(Value(2.0, label="two"))
    assert capsys.readouterr().out.splitlines()[2].split() == ["two", "2.0000", "0.0000"]


def test_an_encoding_without_the_signs_gets_others() -> None:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding="ascii")
    root, leaves = expression()
    explain(leaves[0], root, file=file)
    show(root, file=file)
    file.flush()
    assert b" x " in raw.getvalue()
    assert b"`- " in raw.getvalue()


def test_columns_line_up() -> None:
    root, leaves = expression()
    body = [line for line in explained(leaves[0], root).split("\n\n")[1].splitlines() if "×" in line]
    assert len({columns(line[: line.index("×")]) for line in body}) == 1
