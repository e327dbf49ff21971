"""Mistakes in the mean squared error."""


def sums(predictions, targets):
    """That is the sum. Divide by how many there are, or the loss, and with it every step, grows with the size of
    the batch. With a single prediction nobody notices.
    """
    return sum((p - t) ** 2 for p, t in zip(predictions, targets, strict=True))


def squares_the_mean(predictions, targets):
    """You squared the mean difference. Then a prediction that is too large makes up for one that is too small;
    square first, so that every difference counts.
    """
    return (sum(p - t for p, t in zip(predictions, targets, strict=True)) / len(targets)) ** 2


def absolute(predictions, targets):
    """That is the mean *absolute* error. Squares weigh a large mistake more."""
    return sum(abs(p - t) for p, t in zip(predictions, targets, strict=True)) / len(targets)


def halves(predictions, targets):
    """You halve it, as many textbooks do for the sake of a simpler derivative. The mean of the squares has no such
    factor.
    """
    return sum((p - t) ** 2 for p, t in zip(predictions, targets, strict=True)) / (2 * len(targets))
