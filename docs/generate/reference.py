"""The reference: a page for each module, an overview of the public names, and their part of the navigation.

The modules are read from the source folders, not imported, so that a missing extra hides nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from micrograd import nn
from micrograd.engine.arrays import functions

ROOT = Path(__file__).parents[2]
PAGES = Path("docs/reference")
OVERVIEW = PAGES / "index.md"  # written by hand
BEGIN, END = "      # reference: written by docs/generate\n", "      # reference: end\n"
PACKAGES = ("engine", "nn", "datasets")


@dataclass(frozen=True)
class Module:
    """A module of one of the packages.

    Attributes:
        name: Its full name, `micrograd.engine.ops.elementwise`.
        summary: The first sentence of its docstring.
        is_package: Whether it is a folder.
    """

    name: str
    summary: str
    is_package: bool

    @property
    def page(self) -> Path:
        """Its page, below the root."""
        parts = self.name.split(".")[1:]
        return PAGES.joinpath(*parts, "index.md") if self.is_package else PAGES.joinpath(*parts).with_suffix(".md")


def modules(package: str) -> list[Module]:
    """Those of one package, a folder before what is in it."""
    source = ROOT / "packages" / package / "src"
    return [_module(path, source) for path in sorted((source / "micrograd" / package).rglob("*.py"), key=_in_order)]


def _in_order(path: Path) -> tuple[str, ...]:
    # Files before folders, and of a folder its own page first.
    is_init = path.name == "__init__.py"
    *folders, last = path.with_suffix("").parts
    return (*(f"~{folder}" for folder in folders), "" if is_init else last)


def _module(path: Path, source: Path) -> Module:
    is_package = path.name == "__init__.py"
    relative = path.parent if is_package else path.with_suffix("")
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return Module(".".join(relative.relative_to(source).parts), first_sentence(docstring), is_package)


def first_sentence(docstring: str) -> str:
    """What stands before the first blank line, on one line and without its full stop."""
    return " ".join(docstring.strip().partition("\n\n")[0].split()).rstrip(".:")


def pages() -> dict[Path, str]:
    """The text of every page, by its path below the root."""
    written = {}
    for package in PACKAGES:
        listed = modules(package)
        for module in listed:
            written[module.page] = _package_page(module, listed) if module.is_package else _module_page(module)
    return written


def _module_page(module: Module) -> str:
    return f"# `{module.name}`\n\n::: {module.name}\n"


def _package_page(package: Module, listed: list[Module]) -> str:
    children = [module for module in listed if module.name.rpartition(".")[0] == package.name]
    lines = [f"# `{package.name}`", "", f"::: {package.name}", "    options:", "      members: false", ""]
    if package.name.count(".") == 1:
        lines += ["## Public names", "", *_table("name", _public_names(package.name)), ""]
    lines += ["## Modules", "", *_table("module", ((_link(child, package), child.summary) for child in children)), ""]
    return "\n".join(lines)


def _link(child: Module, package: Module) -> str:
    path = child.page.relative_to(package.page.parent).as_posix()
    return f"[`{child.name.removeprefix(package.name + '.')}`]({path})"


def _table(what: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"| {what} | |", "|---|---|", *(f"| {name} | {as_cell(summary)} |" for name, summary in rows)]


def as_cell(text: str) -> str:
    """Text of a docstring as a cell of a table: what Markdown would take for emphasis is escaped, outside of code."""
    parts = text.replace("|", "\\|").split("`")
    parts[::2] = [re.sub(r"([*_<])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)


def _public_names(package: str) -> Iterator[tuple[str, str]]:
    """Each public name as a link to where it is defined, with the first sentence about it."""
    for name, thing in public(package):
        yield f"[`{name}`][{definition(thing, name)}]", first_sentence(thing.__doc__ or "")


def public(package: str) -> list[tuple[str, Any]]:
    """The public names of a package and what they stand for."""
    module = import_module(package)
    late = {"micrograd.engine": (*functions.__all__, "Tensor", "vmap"), "micrograd.nn": nn._OF_ARRAYS}.get(package, ())
    return [(name, getattr(module, name)) for name in sorted({*module.__all__, *late}, key=str.casefold)]


def definition(thing: Any, name: str) -> str:
    """The full name under which the reference has it."""
    return f"{getattr(thing, '__module__', '')}.{getattr(thing, '__name__', name)}"


def navigation(config: str) -> str:
    """The text of mkdocs.yml with all pages of the reference in its navigation."""
    before, _, rest = config.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = [line for package in PACKAGES for line in _entries(modules(package))]
    return f"{before}{BEGIN}{''.join(lines)}{END}{after}"


def _entries(listed: list[Module]) -> Iterator[str]:
    for module in listed:
        depth = module.name.count(".") - 1
        page = module.page.relative_to("docs").as_posix()
        short = module.name if depth == 0 else module.name.rpartition(".")[2]
        if module.is_package:
            yield f"{'    ' * depth}      - {short}:\n"
            yield f"{'    ' * depth}          - {page}\n"
        else:
            yield f"{'    ' * depth}      - {short}: {page}\n"
