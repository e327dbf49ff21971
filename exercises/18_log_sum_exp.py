"""The logarithm of a sum of powers, without overflow.

Return `log(exp(s0) + exp(s1) + ...)` for a list of numbers. `math.exp(1000)` is too large for a float. But if you
take the same number off every logit, the answer changes by just that number.
"""

import math


def log_sum_exp(logits):
    raise NotImplementedError("Return log(exp(s0) + exp(s1) + ...).")
