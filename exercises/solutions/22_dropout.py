"""Dropout, and its scale."""


def dropout(x, keep, p, training):
    if not training:
        return x
    return [xi / (1 - p) if kept else 0.0 for xi, kept in zip(x, keep)]
