"""Graphs and gradients as text: `explain` for the arithmetic of a gradient, `show` for the graph as an outline.

On a terminal the text has colours, unless the variable NO_COLOR is set (no-color.org); into a file or a pipe it goes
plain. `writing.py` sees to that, `tables.py` to the alignment, `formulas.py` says what an operation is called.
"""
