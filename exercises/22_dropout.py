"""Dropout, and its scale.

While the net is training, dropout silences each number with the probability `p`; `keep` says which stay. So that
the next layer sees the same sum on average, those that stay are divided by the share that stays, `1 - p`. When the
net is used, nothing happens. Return the new list.
"""


def dropout(x, keep, p, training):
    raise NotImplementedError("Return x with numbers silenced and the others scaled; or x as it is.")
