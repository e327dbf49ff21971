"""A slope, by trying.

How fast does `f` move when `x` does? Take a step `h` to the right of `x` and one to the left, and divide how far
`f` has moved by how far `x` has. (A step to both sides makes a much smaller error than one to the right alone.)
"""


def slope(f, x, h):
    raise NotImplementedError("Return how far f moves between x - h and x + h, per step.")
