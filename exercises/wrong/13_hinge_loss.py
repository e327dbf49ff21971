"""Mistakes in the hinge loss."""


def without_margin(scores, labels):
    """The margin is missing. A score that is just barely right still costs something: what is missing to 1."""
    return sum((-y * s).relu() for s, y in zip(scores, labels, strict=True)) / len(labels)


def rewards(scores, labels):
    """A score beyond the margin must cost nothing, not less than nothing: else the net makes easy samples ever
    easier, to pay for hard ones. That is what `.relu()` is for.
    """
    return sum(1 - y * s for s, y in zip(scores, labels, strict=True)) / len(labels)


def wrong_sign(scores, labels):
    """The sign is wrong: you punish scores for agreeing with their label."""
    return sum((1 + y * s).relu() for s, y in zip(scores, labels, strict=True)) / len(labels)


def sums(scores, labels):
    """That is the sum. Divide by how many there are, or the loss grows with the size of the batch. With a single
    sample nobody notices.
    """
    return sum((1 - y * s).relu() for s, y in zip(scores, labels, strict=True))


def ignores_the_label(scores, labels):
    """The label is not used: a score of a sample whose label is -1 should be *negative*."""
    return sum((1 - s).relu() for s in scores) / len(scores)
