"""Pictures of recorded graphs, with nothing installed but MicroGrad itself.

In processing order: `view.py` describes a graph as plain data, with the help of `names/`, `operations.py` and
`text.py`; `layout/` finds a place for every box and arrow; `pictures/` puts the two together and writes SVG or DOT.

Example:
    >>> from micrograd.engine import Value
    >>> x = Value(3.0, label="x")
    >>> y = x**2 + 3 * x
    >>> y.backward()
    >>> drawing = draw_dot(y)  # shows itself in a notebook; drawing.save("graph.svg") writes it to a file
    >>> drawing
    <Drawing of 5 values and 3 operations>
"""

from micrograd.engine.viz.anomaly.detection import detect_anomaly
from micrograd.engine.viz.anomaly.finding import Finding
from micrograd.engine.viz.anomaly.search import find_bad
from micrograd.engine.viz.debugger.api import Debugger, debug
from micrograd.engine.viz.debugger.expansion import Expansion, expand
from micrograd.engine.viz.passes.viewer import show_passes
from micrograd.engine.viz.pictures.drawing import Drawing, draw_dot
from micrograd.engine.viz.recorder.tape import Tape, record
from micrograd.engine.viz.sources import Source, keep_sources, source_of
from micrograd.engine.viz.terminal.explanation import explain
from micrograd.engine.viz.terminal.outline import show
from micrograd.engine.viz.view import trace

__all__ = [
    "Debugger",
    "Drawing",
    "Expansion",
    "Finding",
    "Source",
    "Tape",
    "debug",
    "detect_anomaly",
    "draw_dot",
    "expand",
    "explain",
    "find_bad",
    "keep_sources",
    "record",
    "show",
    "show_passes",
    "source_of",
    "trace",
]
