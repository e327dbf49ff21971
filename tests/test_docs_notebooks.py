"""The notebooks of examples/ keep their outputs, and running them again gives the same.

Compared is what a reader relies on: the text that a cell prints and the text form of its result, numbers to
six digits. Progress bars (stderr), pictures and addresses differ from run to run and are left out.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")

NOTEBOOKS = sorted(Path(__file__).parents[1].glob("examples/*.ipynb"))
NUMBER = re.compile(r"-?\d+\.\d+(?:[eE][-+]?\d+)?")


def text_of(cell) -> str:
    """What the cell printed and what it gave, without memory addresses."""
    printed = [output["text"] for output in cell.outputs if output.get("name") == "stdout"]
    results = [output["data"] for output in cell.outputs if output["output_type"] == "execute_result"]
    parts = [*printed, *(data.get("text/plain", "") for data in results)]
    return re.sub(r"0x[0-9a-fA-F]+", "0x", "".join(parts))


def code_cells(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def same(kept: str, again: str) -> bool:
    numbers = zip(NUMBER.findall(kept), NUMBER.findall(again), strict=False)
    return NUMBER.sub("#", kept) == NUMBER.sub("#", again) and all(
        math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=1e-9) for a, b in numbers
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_are_kept(path: Path) -> None:
    cells = code_cells(nbformat.read(path, as_version=4))
    # Run from top to bottom, once.
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert any(cell.outputs for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_come_again(path: Path, tmp_path: Path) -> None:
    kept, again = (nbformat.read(path, as_version=4) for _ in range(2))
    nbclient.NotebookClient(again, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for old, new in zip(code_cells(kept), code_cells(again), strict=True):
        assert same(text_of(old), text_of(new)), f"{old.source}\nkept:\n{text_of(old)}\nnow:\n{text_of(new)}"
