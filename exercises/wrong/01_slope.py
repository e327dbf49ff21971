"""Mistakes in a slope by trying."""


def one_sided(f, x, h):
    """A step to one side alone. Over a curve that bends, the slope from `x` to `x + h` is that of a point halfway
    between; a step to both sides has no such bias. A straight line can't tell the two apart.
    """
    return (f(x + h) - f(x)) / h


def half_the_distance(f, x, h):
    """From `x - h` to `x + h` it is `2 * h`, not `h`: the slope comes out twice too large."""
    return (f(x + h) - f(x - h)) / h


def without_dividing(f, x, h):
    """That is how far `f` moves, not how far per step: divide by the distance, `2 * h`."""
    return f(x + h) - f(x - h)


def backwards(f, x, h):
    """The difference is taken the wrong way round: a function that grows must have a positive slope, so the value
    on the right comes first.
    """
    return (f(x - h) - f(x + h)) / (2 * h)
