"""Mistakes in dropout."""


def without_scaling(x, keep, p, training):
    """The scale is missing. With half of the numbers silent, the next layer sees half of the sum that it will see
    when the net is used; divide what stays by `1 - p`.
    """
    return [xi if kept or not training else 0.0 for xi, kept in zip(x, keep, strict=True)]


def scales_down(x, keep, p, training):
    """You multiply by `1 - p`, and so make it even smaller. What stays must grow, to stand in for what is silent:
    divide.
    """
    return [xi * (1 - p) * kept if training else xi for xi, kept in zip(x, keep, strict=True)]


def divides_by_p(x, keep, p, training):
    """`p` is the share that is *silenced*; divide by the share that stays, `1 - p`. At one half nobody notices."""
    return [xi / p * kept if training else xi for xi, kept in zip(x, keep, strict=True)]


def always_drops(x, keep, p, training):
    """The net drops numbers when it is used, too. Then the same question gets a different answer each time; when
    `training` is false, return `x` as it is.
    """
    return [xi / (1 - p) if kept else 0.0 for xi, kept in zip(x, keep, strict=True)]


def the_other_ones(x, keep, p, training):
    """You silence those that `keep` marks, and keep the others."""
    return [0.0 if kept else xi / (1 - p) for xi, kept in zip(x, keep, strict=True)] if training else x
