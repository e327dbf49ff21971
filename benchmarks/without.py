"""A copy of the packages without the looks at certain lists, to measure what these cost (with `compare.py`).

python benchmarks/without.py ../bare watchers listeners
python benchmarks/compare.py ../bare .

`if watchers: ...` loses its body, and `a if watchers else b` becomes `b`, as if the list were always empty. These are
the places where the debugger, the recorder and `detect_anomaly` come in; a test of theirs fails in such a copy.
"""

from __future__ import annotations

import argparse
import ast
import shutil
from pathlib import Path
from typing import Any

PACKAGES = Path(__file__).parent.parent / "packages"


class Without(ast.NodeTransformer):
    """Takes the branches of an empty list; `removed` counts them."""

    def __init__(self, names: set[str]) -> None:
        self.names, self.removed = names, 0

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        if not self._is_empty(node.test):
            return node
        self.removed += 1
        return node.orelse or ast.Pass()

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        self.generic_visit(node)
        if not self._is_empty(node.test):
            return node
        self.removed += 1
        return node.orelse

    def _is_empty(self, test: ast.expr) -> bool:
        """Whether the condition is one of the lists, or begins with `list and`."""
        first = test.values[0] if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else test
        return isinstance(first, ast.Name) and first.id in self.names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="a folder that doesn't exist yet")
    parser.add_argument("names", nargs="+", help="of the lists")
    settings = parser.parse_args()
    shutil.copytree(PACKAGES, settings.target / "packages", ignore=shutil.ignore_patterns("__pycache__", "tests"))
    for path in sorted(settings.target.glob("packages/*/src/**/*.py")):
        without = Without(set(settings.names))
        tree = without.visit(ast.parse(path.read_text("utf-8")))
        if without.removed:
            path.write_text(ast.unparse(ast.fix_missing_locations(tree)), "utf-8")
            print(f"{path.relative_to(settings.target)}: {without.removed}")


if __name__ == "__main__":
    main()
