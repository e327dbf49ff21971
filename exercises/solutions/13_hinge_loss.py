"""How wrong are scores of two classes?"""


def hinge_loss(scores, labels):
    losses = [(1 - label * score).relu() for score, label in zip(scores, labels)]
    return sum(losses) / len(losses)
