"""Is this gradient right?"""


def agree(analytic, numeric, rtol, atol):
    return abs(analytic - numeric) <= atol + rtol * abs(numeric)
