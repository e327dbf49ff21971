"""Which line made a node: the user's, through modules, built-ins, comprehensions and vmap."""

from __future__ import annotations

import colorsys
import copy
import functools
import operator
import pickle
import sys
import threading
from pathlib import Path

import pytest

from micrograd.engine import Value, exp, grad, hessian, where
from micrograd.engine.viz.sources import Source, keep_sources, source_of

HAS_COLUMNS = sys.version_info >= (3, 11)


def line_of(marker: str) -> int:
    """The line of this file that ends in a comment."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(f"# {marker}"))


def test_an_operation_knows_its_file_line_and_text():
    with keep_sources():
        y = Value(2.0) * 3.0  # here
    source = source_of(y)
    assert source == (__file__, line_of("here"), "y = Value(2.0) * 3.0  # here", source.expression)
    assert source.expression == ("Value(2.0) * 3.0" if HAS_COLUMNS else "")
    assert str(source) == f"{__file__}:{source.line}: {source.text}"


def test_a_leaf_and_a_constant_beside_it_do_too():
    with keep_sources():
        x = Value(2.0)  # leaf
        y = x + 1.0  # constant
    assert source_of(x).line == line_of("leaf")
    assert source_of(y._y).line == source_of(y).line == line_of("constant")


@pytest.mark.skipif(not HAS_COLUMNS, reason="Python tells the columns from 3.11 on")
def test_of_two_operations_in_a_line_each_knows_its_part():
    x = Value(2.0)
    with keep_sources():
        y = x.exp() + x.log()
    assert source_of(y).expression == "x.exp() + x.log()"
    assert [source_of(part).expression for part in y.inputs] == ["x.exp()", "x.log()"]


@pytest.mark.skipif(not HAS_COLUMNS, reason="Python tells the columns from 3.11 on")
def test_columns_are_those_of_the_text_beyond_ascii():
    with keep_sources():
        y = [len("größe"), Value(2.0) * 3.0]
    assert source_of(y[1]).expression == "Value(2.0) * 3.0"


def test_nothing_is_kept_outside_of_the_block():
    with keep_sources():
        pass
    assert source_of(Value(2.0) * 3.0) is None


def test_another_thread_is_left_alone():
    made = []
    with keep_sources():
        thread = threading.Thread(target=lambda: made.append(Value(2.0) * 3.0))
        thread.start()
        thread.join()
    assert source_of(made[0]) is None


@pytest.mark.parametrize(
    "add",
    [sum, lambda xs: colorsys.rgb_to_yiq(*xs, 0.0)[0], lambda xs: functools.reduce(operator.add, xs)],
    ids=["sum", "colorsys", "reduce"],
)
def test_the_standard_library_is_skipped(add):
    def run(values):
        return add(values)

    with keep_sources():
        total = run([Value(1.0), Value(2.0)])
    assert source_of(total).file == __file__


def test_an_operation_over_several_lines_has_the_line_where_it_stands():
    with keep_sources():
        y = where(
            True,
            exp(Value(1.0)),  # inner
            0.0,
        )
    assert source_of(y._x[1]).line == line_of("inner")


def test_gradients_that_are_recorded_have_the_line_that_asked_for_them():
    x = Value(2.0)
    with keep_sources():
        y = x**3
        y.backward(create_graph=True)  # backward
    assert source_of(x.grad).line == line_of("backward")


def test_transforms_pass_through():
    with keep_sources():
        seen = []

        def f(x):
            y = x * x * x  # in f
            seen.append(y)
            return y

        assert grad(f)(2.0) == 12.0
        assert hessian(f)(2.0) == 12.0
    assert {source_of(y).line for y in seen} == {line_of("in f")}


def test_two_blocks_nest():
    with keep_sources():
        with keep_sources():
            inner = Value(2.0) * 3.0
        outer = Value(2.0) * 3.0
    assert source_of(inner).line + 1 == source_of(outer).line


def test_code_without_a_file_has_its_line_number():
    names = {"Value": Value}
    with keep_sources():
        exec(compile("\n\ny = Value(2.0) * 3.0", "<typed>", "exec"), names)
    assert source_of(names["y"]) == Source("<typed>", 3, "", "")
    assert str(source_of(names["y"])) == "<typed>:3"


def test_copies_and_pickles_keep_it():
    with keep_sources():
        y = Value(2.0) * 3.0
    assert source_of(copy.deepcopy(y)) == source_of(copy.copy(y)) == source_of(y)
    assert source_of(pickle.loads(pickle.dumps(y))) == source_of(y)


def test_the_numbers_are_those_of_the_same_run_without():
    def run():
        x = Value(0.7)
        y = (x.tanh() * x + 2.0) ** 2 / 3.0
        y.backward()
        return y.data, x.grad

    with keep_sources():
        watched = run()
    assert watched == run()


def test_tensors_vmap_and_jit():
    pytest.importorskip("numpy")
    from micrograd.engine import Tensor, jit, vmap

    kept = []

    def row(x):
        y = x.exp()  # row
        kept.append(y)
        return y.sum()

    with keep_sources():
        t = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        total = vmap(row)(t).sum()
        assert jit(lambda x: x * 2.0)(3.0) == 6.0
    assert source_of(kept[0].rows).line == line_of("row")
    assert source_of(total).text.startswith("total = vmap(row)(t).sum()")
