"""Is this gradient right?

`analytic` is what your engine says, `numeric` what trying says, which is never exact. Return whether they agree:
whether they differ by no more than `atol + rtol * |numeric|`. The first allows for rounding near 0, the second for
rounding of large numbers. A nan agrees with nothing.
"""


def agree(analytic, numeric, rtol, atol):
    raise NotImplementedError("Return True or False.")
