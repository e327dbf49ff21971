"""One derivative, three ways: the chain rule by hand, finite differences, and the engine.

    L(w) = (tanh(w x + b) - t)²,  at  x = 0.5,  b = 0.1,  t = 1

python examples/derivative_by_hand.py --w 2.0 --out results
"""

import argparse
import math
from pathlib import Path

from micrograd.engine import Value, tanh
from micrograd.engine.viz import draw_dot

X, B, T = 0.5, 0.1, 1.0


def loss(w):
    """L(w): for a float a float, for a Value a Value that remembers how it came to be."""
    return (tanh(w * X + B) - T) ** 2


def by_hand(w):
    """dL/dw by the chain rule: each factor is the derivative of one step of L by the step before it."""
    z = w * X + B
    y = math.tanh(z)
    dL_dy = 2 * (y - T)
    dy_dz = 1 - y**2
    dz_dw = X
    return dL_dy * dy_dz * dz_dw


def by_difference(w, h=1e-5):
    """The slope of a chord: no calculus, and half of the digits."""
    return (loss(w + h) - loss(w - h)) / (2 * h)


def by_engine(w):
    """The graph of L at w, with dL/dw in `w.grad`."""
    w = Value(w, label="w")
    L = loss(w)
    L.label = "L"
    L.backward()
    return w, L


def main(argv=None):
    """Print the three side by side, and draw the graph that the engine walked through."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--w", type=float, default=2.0, help="where to differentiate (2.0)")
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the picture (results)")
    args = parser.parse_args(argv)
    if not abs(args.w) <= 10:
        parser.error("--w must lie between -10 and 10: beyond, tanh is flat and there is nothing to see")
    w, L = by_engine(args.w)
    print(f"L({args.w}) = {L.data:.6f}")
    print(f"dL/dw by hand:       {by_hand(args.w):+.12f}")
    print(f"dL/dw by difference: {by_difference(args.w):+.12f}")
    print(f"dL/dw by the engine: {w.grad:+.12f}")
    draw_dot(L, parameters=[w]).save(args.out / "derivative.svg")
    print(f"picture: {args.out / 'derivative.svg'}")


if __name__ == "__main__":
    main()
