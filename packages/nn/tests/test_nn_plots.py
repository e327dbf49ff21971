import random

import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import MLP, History, Module, plots

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
Y = [-1, 1, 1, -1]


@pytest.fixture(autouse=True)
def closed_figures():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    yield
    matplotlib.pyplot.close("all")


def net() -> MLP:
    return MLP(2, [4, 1], rng=random.Random(1))


def test_a_boundary_shows_both_classes() -> None:
    ax = plots.decision_boundary(net(), X, Y, resolution=10)
    _, names = ax.get_legend_handles_labels()
    assert names == ["class -1", "class +1"]
    left, right = ax.get_xlim()
    assert left < 0.0 < 1.0 < right


def test_it_draws_where_it_is_told_to() -> None:
    from matplotlib import pyplot as plt

    ax = plt.figure().add_subplot()
    assert plots.decision_boundary(net(), X, [0, 1, 1, 0], ax, resolution=5) is ax
    assert plots.history(History([0.5], [1.0], {}), ax) is ax


def test_the_fast_scores_are_the_models() -> None:
    model = MLP(2, [4, 1], activation="gelu")
    points = [[0.1 * i, -0.3 * i] for i in range(10)]
    assert plots._scores(model, points) == pytest.approx([model(point).data for point in points], rel=1e-14)
    assert all(isinstance(p, Value) for p in model.parameters())


def test_a_model_that_calls_methods_of_values() -> None:
    class Own(Module):
        def __init__(self) -> None:
            self.w = Value(2.0)

        def __call__(self, x: list[float]) -> Value:
            return (self.w * x[0]).relu() + x[1]

    assert plots._scores(Own(), [[1.0, 0.5], [-1.0, 0.5]]) == [2.5, 0.5]


def test_a_plain_function_is_a_model() -> None:
    plots.decision_boundary(lambda x: x[0] - x[1], X, Y, resolution=5)


def test_a_model_that_says_one_class_everywhere() -> None:
    plots.decision_boundary(lambda x: 2.0, X, [1, 1, 1, 1], resolution=5)


def test_history_with_and_without_accuracy() -> None:
    both = plots.history(History([0.9, 0.1], [1.0, 0.5], {"accuracy": [0.5, 1.0]}))
    assert [axes.get_ylabel() for axes in both.figure.axes] == ["loss", "accuracy, %"]
    alone = plots.history(History([0.9, 0.1], [1.0, 0.5], {}))
    assert len(alone.figure.axes) == 1


def test_refusals() -> None:
    with pytest.raises(MicrogradValueError, match="two features"):
        plots.decision_boundary(net(), [[1.0, 2.0, 3.0]], [1])
    with pytest.raises(MicrogradValueError, match="0 samples"):
        plots.decision_boundary(net(), [], [])
    with pytest.raises(MicrogradValueError, match="two classes, but y has 3"):
        plots.decision_boundary(net(), X[:3], [0, 1, 2])
    with pytest.raises(MicrogradTypeError, match="returned 2"):
        plots.decision_boundary(MLP(2, [2]), X, Y, resolution=3)
    with pytest.raises(MicrogradValueError, match="resolution"):
        plots.decision_boundary(net(), X, Y, resolution=1)
