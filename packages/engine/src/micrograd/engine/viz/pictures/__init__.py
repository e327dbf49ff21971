"""From a `GraphView` to a picture: `scene.py` places it, `svg.py` (with `style.py`) and `dot.py` write it.

`drawing.py` is what a user sees of it: `draw_dot`.
"""
