"""A `Scene` as SVG: one self-contained element, for a file or to stand within an HTML page.

Its style sheet is confined to its own id, which follows from its content: two pictures in one notebook don't
disturb each other. It brings a light and a dark dress, and its own background, so that the contrast is right
on any page. Kinds of nodes differ in outline and carry a word; colour only repeats that.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from micrograd.engine.viz.layout.sugiyama import Point
from micrograd.engine.viz.pictures.scene import CAPTION, HEADER, PADDING, ROW, PlacedEdge, PlacedNode, Scene
from micrograd.engine.viz.pictures.style import style_sheet
from micrograd.engine.viz.text import clip

_RADIUS = {"parameter": 3.0, "data": 12.5, "interior": 7.0}


def svg_picture(scene: Scene) -> str:
    """Write the scene as an `<svg>` element.

    Example:
        >>> from micrograd.engine import Value
        >>> from micrograd.engine.viz.pictures.scene import arrange
        >>> from micrograd.engine.viz.view import view_graph
        >>> svg_picture(arrange(view_graph(Value(2.0) * 3.0)))[:35]
        '<svg xmlns="http://www.w3.org/2000/'
    """
    width, height = map(_coordinate, scene.size)
    body = "\n".join([*(_edge(edge, scene.rankdir) for edge in scene.edges), *map(_node, scene.nodes)])
    # The id is the same for the same picture and no other, so two copies of it in a page agree on what it
    # means.
    key = f"mg-{zlib.crc32(body.encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{key}" class="micrograd-graph" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" style="max-width:100%;height:auto" '
        f'role="img" aria-labelledby="{key}-title {key}-desc">\n'
        f'<title id="{key}-title">{escape(_title(scene))}</title>\n'
        f'<desc id="{key}-desc">{escape(_description(scene))}</desc>\n'
        f"<style>{style_sheet(key)}</style>\n"
        f'<defs><marker id="{key}-arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" '
        f'markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path class="head" d="M0.5 0.8 7.5 4 0.5 7.2 2 4Z"/></marker></defs>\n'
        f'<rect class="paper" width="{width}" height="{height}" rx="10"/>\n'
        f"{body}\n</svg>\n"
    )


def _title(scene: Scene) -> str:
    label = scene.nodes[-1].view.label
    return f"Computation graph of {label}" if label else "Computation graph"


def _description(scene: Scene) -> str:
    kinds = [node.view.kind for node in scene.nodes]
    direction = "left to right" if scene.rankdir == "LR" else "top to bottom"
    return (
        f"{kinds.count('parameter')} parameters, {kinds.count('data')} other leaves and {kinds.count('op')} "
        f"operations, running from {direction}; the result is {scene.nodes[-1].view.data}."
    )


def _coordinate(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")


def _node(node: PlacedNode) -> str:
    inside = _operation(node) if node.view.kind == "op" else _card(node)
    return (
        f'<g class="{node.view.kind}" data-node="{escape(node.view.id)}" transform="translate({_pair(node.corner)})">'
        f"<title>{escape(node.view.detail)}</title>{inside}</g>"
    )


def _operation(node: PlacedNode) -> str:
    width, height = node.size
    size = "sign" if len(node.label) == 1 else "word"
    return _box(width, height, height / 2) + _words(size, width / 2, height / 2, node.label, "middle")


def _card(node: PlacedNode) -> str:
    width, height = node.size
    row = height - ROW / 2
    parts = [_box(width, height, _RADIUS[node.view.kind])]
    if node.view.kind == "parameter":
        parts.append(f'<path class="bar" d="M4.5 6V{_coordinate(height - 6)}"/>')
    if height > ROW:
        parts += _header(node)
    parts += _number("data", node.view.data, 0.0, node.split, row)
    parts.append(f'<path class="rule" d="M{_coordinate(node.split)} {_coordinate(row - 8)}v16"/>')
    parts += _number("grad", node.view.grad, node.split, width, row)
    return "".join(parts)


def _header(node: PlacedNode) -> list[str]:
    """The label on the left and the tag on the right, or on the left too if there is no label."""
    middle = HEADER / 2 + 3
    if not node.label:
        return [_words("tag", PADDING, middle, node.tag)]
    end = node.size[0] - PADDING
    return [_words("label", PADDING, middle, node.label), _words("tag", end, middle, node.tag, "end")]


def _number(caption: str, text: str, left: float, right: float, middle: float) -> list[str]:
    shown = clip(text, int((right - left - 2 * PADDING - CAPTION) / 6.5))
    return [
        _words("caption", left + PADDING, middle, caption),
        _words("number", right - PADDING, middle, shown, "end"),
    ]


def _box(width: float, height: float, radius: float) -> str:
    width_height_radius = map(_coordinate, (width, height, radius))
    return '<rect class="box" width="{}" height="{}" rx="{}"/>'.format(*width_height_radius)


def _words(kind: str, x: float, y: float, text: str, anchor: str = "") -> str:
    """A line of text around the height y; nothing at all for no text."""
    if not text:
        return ""
    placing = f' text-anchor="{anchor}"' if anchor else ""
    # dominant-baseline is not known to all viewers; a third of the font's size down is the middle in any of
    # them.
    start = f'<text class="{kind}" x="{_coordinate(x)}" y="{_coordinate(y)}" dy=".34em"{placing}>'
    return f"{start}{escape(text)}</text>"


def _edge(edge: PlacedEdge, rankdir: str) -> str:
    view = edge.view
    path = (
        f'<path class="edge" data-source="{escape(view.source)}" data-target="{escape(view.target)}" '
        f'd="{_route(edge.points, rankdir)}"/>'
    )
    if view.operand is None or not view.ordered:
        return path
    (x, y) = edge.points[-1]
    side = 7 if edge.port > 0 else -7
    x, y = (x - 11, y + side) if rankdir == "LR" else (x + side, y - 11)
    return path + _words("place", x, y, str(view.operand + 1), "middle")


def _route(points: Sequence[Point], rankdir: str) -> str:
    """Curves and straight lines by turns, as `Layout.routes` says."""
    parts = [f"M{_pair(points[0])}"]
    for number, (start, end) in enumerate(pairwise(points)):
        if start == end:
            continue
        straight = number % 2 or start[rankdir == "LR"] == end[rankdir == "LR"]
        parts.append(f"L{_pair(end)}" if straight else _curve(start, end, rankdir))
    return "".join(parts)


def _curve(start: Point, end: Point, rankdir: str) -> str:
    (x0, y0), (x1, y1) = start, end
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    first, second = ((x, y0), (x, y1)) if rankdir == "LR" else ((x0, y), (x1, y))
    return f"C{_pair(first)} {_pair(second)} {_pair(end)}"


def _pair(point: Point) -> str:
    return f"{_coordinate(point[0])} {_coordinate(point[1])}"
