"""The table of derivatives as a page: every primitive with its rules, read from the source of `engine/ops/`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from reference import ROOT, as_cell, first_sentence

OPS = ROOT / "packages" / "engine" / "src" / "micrograd" / "engine" / "ops"
PAGE = Path("docs/explanation/derivatives.md")
DECORATORS = ("primitive", "elementwise")

TEMPLATE = Path(__file__).with_suffix(".template")


def page() -> str:
    """The whole page."""
    sections = [(path, list(primitives(path))) for path in sorted(OPS.rglob("*.py"), key=_in_reading_order)]
    lines = [TEMPLATE.read_text("utf-8").format(count=sum(len(found) for _, found in sections))]
    for path, found in sections:
        if found:
            lines += [f"## {path.stem}", "", _about(path), "", *_table(found), ""]
    return "\n".join(lines)


def _in_reading_order(path: Path) -> tuple[int, str]:
    first = ("elementwise", "choices", "trigonometry", "activations", "reductions", "shapes", "products")
    return (first.index(path.stem) if path.stem in first else len(first), path.stem)


def _about(path: Path) -> str:
    summary = first_sentence(ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    inside = path.relative_to(OPS).with_suffix("")
    return f"{summary}. Source: [`ops.{'.'.join(inside.parts)}`](../reference/engine/ops/{inside.as_posix()}.md)."


def primitives(path: Path) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Each declaration in a file, with the call that decorates it and holds its rules."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") in DECORATORS:
                    yield node, decorator


def _table(found: list[tuple[ast.FunctionDef, ast.Call]]) -> list[str]:
    rows = (f"| {_signature(function)} | {_summary(function)} | {_rules(function, call)} |" for function, call in found)
    return ["| primitive | computes | what each operand receives |", "|---|---|---|", *rows]


def _signature(function: ast.FunctionDef) -> str:
    return f"`{function.name}({', '.join(_operands(function))})`"


def _operands(function: ast.FunctionDef) -> list[str]:
    """The parameters without a default."""
    parameters = function.args
    names = [parameter.arg for parameter in parameters.args]
    many = [f"*{parameters.vararg.arg}"] if parameters.vararg else []
    return names[: len(names) - len(parameters.defaults)] + many


def _summary(function: ast.FunctionDef) -> str:
    return as_cell(first_sentence(ast.get_docstring(function) or ""))


def _rules(function: ast.FunctionDef, call: ast.Call) -> str:
    rules = [None if isinstance(rule, ast.Constant) else rule for rule in call.args]
    of_any = next((keyword.value for keyword in call.keywords if keyword.arg == "vjp_of_any"), None)
    if of_any is not None:
        return f"each: {_code(of_any)}"
    if not any(rules):
        return "nothing: no gradient passes"
    pairs = zip(_operands(function), rules, strict=True)
    return "<br>".join(f"{operand}: {'nothing' if rule is None else _code(rule)}" for operand, rule in pairs)


def _code(rule: ast.expr) -> str:
    if isinstance(rule, ast.Name) and rule.id == "flat":
        return "`0`"
    body = rule.body if isinstance(rule, ast.Lambda) else rule
    return as_cell(f"`{ast.unparse(body)}`")
