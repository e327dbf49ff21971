"""`draw_dot`: from a Value to a picture that shows itself, and can be saved.

Named and used as in micrograd's `trace_graph.ipynb`. There it returns a `graphviz.Digraph`, which needs the
Graphviz program to show anything; a `Drawing` draws itself, and asks that program for other formats than SVG
only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import webbrowser
from pathlib import Path
from typing import Any

from micrograd.engine.errors import MicrogradValueError, MissingExtraError
from micrograd.engine.graph import Node
from micrograd.engine.viz.files import write_safely
from micrograd.engine.viz.pictures.dot import dot_source
from micrograd.engine.viz.pictures.scene import arrange
from micrograd.engine.viz.pictures.svg import svg_picture
from micrograd.engine.viz.view import GraphView, view_graph

MAX_NODES = 1500
"""The largest graph that `draw_dot` draws unasked: one sample through a 2-16-16-1 network, about 1000 nodes,
is within."""

_CONVERTED = ("png", "pdf", "jpg", "jpeg", "gif", "webp", "eps", "ps")
_SOURCES = ("dot", "gv")
_FORMATS = ("svg", *_SOURCES, *_CONVERTED)
_TIMEOUT = 120  # seconds; Graphviz may need very long for a large graph


class Drawing:
    """A picture of a graph as it was when it was taken; shows itself in a notebook.

    Used like a `graphviz.Digraph`, with two differences. SVG is drawn by MicroGrad itself and is the same on
    every machine; Graphviz, where it is installed, makes PNG, PDF and the like, from the same description but
    with a layout of its own. And `render` writes nothing but the picture.

    Attributes:
        format: What `render` writes unless it is told.
    """

    def __init__(self, view: GraphView, format: str = "svg", rankdir: str = "LR") -> None:
        self.format = format
        self._view = view
        self._rankdir = rankdir
        self._svg = ""

    @property
    def source(self) -> str:
        """The graph in the DOT language."""
        return dot_source(self._view, self._rankdir)

    @property
    def svg(self) -> str:
        """The picture, laid out when it is first asked for."""
        if not self._svg:
            self._svg = svg_picture(arrange(self._view, self._rankdir))
        return self._svg

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        kinds = [node.kind for node in self._view.nodes]
        operations = kinds.count("op")
        return f"<Drawing of {len(kinds) - operations} values and {operations} operations>"

    def pipe(self, format: str | None = None) -> bytes:
        """The picture as bytes.

        Args:
            format: `svg`, `dot`, or a format that Graphviz makes; that of the drawing if not given.

        Raises:
            MicrogradValueError: There is no such format.
            MissingExtraError: The format needs Graphviz, and it isn't installed.

        Example:
            >>> from micrograd.engine import Value
            >>> draw_dot(Value(1.0)).pipe("dot")[:7]
            b'digraph'
        """
        format = _known_format(format or self.format)
        if format == "svg":
            return self.svg.encode()
        source = self.source.encode()
        return source if format in _SOURCES else _convert(source, format)

    def render(
        self,
        path: str | os.PathLike[str] = "graph",
        format: str | None = None,
        view: bool = False,
        *,
        cleanup: bool = True,
    ) -> str:
        """Write the picture and return the path of its file, creating folders on the way.

        `render("out")` writes `out.svg`, as with graphviz; `render("out.svg")` does too. An existing file is
        replaced when the new one is complete, and stays as it was if anything fails.

        Args:
            path: The file, with or without the suffix of its format.
            format: `svg`, `png`, `pdf` ...; that of the path's suffix, or else of the drawing, if not given.
            view: Whether to open the picture in the browser.
            cleanup: Taken for graphviz's sake; no DOT file is left in either case.

        Raises:
            MicrogradValueError: There is no such format.
            MissingExtraError: The format needs Graphviz, and it isn't installed.
        """
        path = os.fspath(path)
        suffix = _suffix(path)
        format = _known_format(format or (suffix if suffix in _FORMATS else self.format))
        if suffix != format:
            path = f"{path}.{format}"
        write_safely(path, self.pipe(format))
        if view:
            webbrowser.open(Path(path).resolve().as_uri())
        return path

    def save(self, path: str | os.PathLike[str] = "graph.dot") -> str:
        """Write what the suffix says and return the path: `.svg` the picture, `.dot` or none the source.

        Raises:
            MicrogradValueError: The suffix is that of no known format.
            MissingExtraError: The format needs Graphviz, and it isn't installed.
        """
        path = os.fspath(path)
        write_safely(path, self.pipe(_suffix(path) or "dot"))
        return path


def draw_dot(
    root: Node, format: str = "svg", rankdir: str = "LR", *, parameters: Any = None, max_nodes: int = MAX_NODES
) -> Drawing:
    """Draw the graph that `root` was computed by: values with label, data and gradient, and operations.

    The numbers are those of this moment: after `backward()` they include gradients. An operand that is used twice
    has two arrows; where the order of operands matters, as in `a - b`, the arrows carry their places.

    Args:
        root: The last node of the expression, such as the output of a model for one sample.
        format: What `render` writes unless it is told: `svg`, or with Graphviz installed `png`, `pdf` ...
        rankdir: `LR` from left to right, `TB` from top to bottom.
        parameters: The leaves that are parameters: a model, nodes, or names with nodes. The names label them. If not
            given, the modules are found that the leaves belong to.
        max_nodes: Refuse a graph of more values than this.

    Raises:
        MicrogradTypeError: `root` isn't a node, or `parameters` holds something else.
        MicrogradValueError: There is no such `format` or `rankdir`.
        GraphError: The graph has more than `max_nodes` values.

    Example:
        >>> from micrograd.engine import Value
        >>> x, w = Value(3.0, label="x"), Value(0.5, label="w")
        >>> y = w * x
        >>> y.backward()
        >>> draw_dot(y, parameters=[w])
        <Drawing of 3 values and 1 operations>
    """
    if rankdir not in ("LR", "TB"):
        raise MicrogradValueError(
            f"rankdir={rankdir!r:.40} is no direction to draw in. Write rankdir='LR' for left to right or "
            "rankdir='TB' for top to bottom."
        )
    _known_format(format)
    return Drawing(view_graph(root, parameters=parameters, max_nodes=max_nodes), format, rankdir)


def _suffix(path: str) -> str:
    return Path(path).suffix.lower().removeprefix(".")


def _known_format(format: str) -> str:
    if format not in _FORMATS:
        raise MicrogradValueError(
            f"{format!r:.40} is no format for a picture. Known are {', '.join(_FORMATS)}; svg needs nothing "
            "installed: draw_dot(root).save('graph.svg')."
        )
    return format


def _convert(source: bytes, format: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise MissingExtraError(
            f"Only Graphviz can write {format}, and its program `dot` isn't on this machine's PATH. Save the picture "
            "as SVG, which needs nothing and opens in any browser: drawing.save('graph.svg'). Or install Graphviz: "
            "https://graphviz.org/download."
        )
    try:
        command = [program, f"-T{format}"]
        done = subprocess.run(command, input=source, capture_output=True, timeout=_TIMEOUT, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise MicrogradValueError(
            f"Graphviz could not write this graph as {format}: {_complaint(error)}. Save it as SVG instead: "
            "drawing.save('graph.svg')."
        ) from error
    return done.stdout


def _complaint(error: Exception) -> str:
    words = getattr(error, "stderr", None) or str(error).encode()
    return bytes(words).decode(errors="replace").strip()[:500]
