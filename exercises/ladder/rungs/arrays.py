"""What broadcasting and a matrix product hand back. Arrays are lists of rows, so that a page can run them."""

from __future__ import annotations

from collections.abc import Iterator

from ladder.cases import Case
from ladder.rungs.rung import Rung

Rows = list[list[float]]


def _unbroadcast(g: Rows, shape: tuple[int, int]) -> Rows:
    columns = [[sum(column) for column in zip(*g, strict=True)]] if shape[0] == 1 else g
    return [[sum(row)] for row in columns] if shape[1] == 1 else columns


def _broadcasts() -> Iterator[Case]:
    for g in ([[2.0]], [[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]]):
        rows, columns = len(g), len(g[0])
        for shape in dict.fromkeys([(rows, columns), (1, columns), (rows, 1), (1, 1)]):
            yield Case(f"unbroadcast({g}, {shape})")


def _product(A: Rows, B: Rows) -> Rows:
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*B, strict=True)] for row in A]


def _transposed(A: Rows) -> Rows:
    return [list(column) for column in zip(*A, strict=True)]


def _matmul_backward(g: Rows, X: Rows, W: Rows) -> tuple[Rows, Rows]:
    return _product(g, _transposed(W)), _product(_transposed(X), g)


def _products() -> Iterator[Case]:
    for g, X, W in (
        ([[1.0]], [[2.0]], [[3.0]]),
        ([[2.0]], [[2.0]], [[3.0]]),
        ([[1.0], [1.0]], [[2.0], [3.0]], [[5.0]]),
        ([[1.0, 2.0]], [[3.0]], [[4.0, 5.0]]),
        ([[1.0, 0.0], [0.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]], [[1.0, 3.0], [5.0, 7.0]]),
        ([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]], [[1.0], [2.0], [3.0]], [[4.0, 5.0]]),
    ):
        yield Case(f"matmul_backward({g}, {X}, {W})")


ARRAYS = (
    Rung("16_unbroadcast", _unbroadcast, _broadcasts),
    Rung("17_matmul_backward", _matmul_backward, _products),
)
