"""Estimators that learn on: `warm_start` and `partial_fit` as scikit-learn's, settings that change meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from sklearn import neural_network  # noqa: E402
from sklearn.base import clone  # noqa: E402

from micrograd.engine import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.nn.estimators import MLPClassifier, MLPRegressor  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3))
Y = np.where(X[:, 0] > 0, "yes", "no")
SETTINGS: dict[str, Any] = {"hidden_layer_sizes": (5,), "random_state": 0, "batch_size": 10, "max_iter": 4}
SOLVERS = [
    {"solver": "adam"},
    {"solver": "sgd", "learning_rate_init": 0.1},
    {"solver": "sgd", "learning_rate_init": 0.1, "learning_rate": "invscaling"},
]


def pair(**settings: Any) -> list[Any]:
    return [kind(**{**SETTINGS, **settings}) for kind in (MLPClassifier, neural_network.MLPClassifier)]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_warm_start_goes_on_as_scikit_learn_s(solver: dict[str, Any]) -> None:
    both = pair(warm_start=True, **solver)
    for k in range(3):
        for net in both:  # a rate and a penalty that are set between two fits count from then on
            net.set_params(alpha=0.1 * k, learning_rate_init=0.01 * (k + 1)).fit(X, Y)
        ours, theirs = (net.predict_proba(X) for net in both)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert len(both[0].loss_curve_) == 12


@pytest.mark.parametrize("solver", SOLVERS)
def test_parts_are_learned_as_scikit_learn_does(solver: dict[str, Any]) -> None:
    both = pair(**solver)
    for k in range(4):
        for net in both:
            net.set_params(alpha=0.1 * (k % 2)).partial_fit(X, Y, classes=["no", "yes"])
        ours, theirs = (net.predict_proba(X) for net in both)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize(
    "changed", [{"hidden_layer_sizes": (9,)}, {"activation": "tanh"}, {"dropout": 0.5}, {"batch_norm": True}]
)
def test_a_net_of_other_settings_is_not_gone_on_with(changed: dict[str, Any]) -> None:
    for net, go_on in (
        (MLPClassifier(**SETTINGS, warm_start=True), lambda net: net.fit(X, Y)),
        (MLPClassifier(**SETTINGS), lambda net: net.partial_fit(X, Y)),
    ):
        before = net.fit(X, Y).predict_proba(X)
        net.set_params(**changed)
        with pytest.raises(MicrogradValueError, match=f"{next(iter(changed))} is .* was built with .*Fit anew"):
            go_on(net)
        assert (net.predict_proba(X) == before).all()
        assert clone(net).fit(X, Y).n_iter_ == 4


def test_dropout_draws_other_masks_in_each_part() -> None:
    net = MLPRegressor((50,), dropout=0.5, random_state=0, learning_rate_init=1e-12)
    losses = [net.partial_fit(X, X[:, 0]).loss_ for _ in range(6)]
    assert len(set(np.round(losses, 6))) > 1


@pytest.mark.parametrize("name", ["shuffle", "early_stopping", "warm_start", "nesterovs_momentum", "batch_norm"])
def test_a_text_is_no_yes(name: str) -> None:
    with pytest.raises(MicrogradTypeError, match=f"{name} is True or False.*the str 'no'"):
        MLPClassifier(**{name: "no"}).fit(X, Y)


def test_labels_of_several_kinds_are_refused_by_name() -> None:
    with pytest.raises(MicrogradTypeError, match=r"several kinds: int, str.*y.astype\(str\)"):
        MLPClassifier().fit(X, np.array(["a", 1] * 25, dtype=object))


@pytest.mark.parametrize(("count", "labels"), [(5, Y), (50, np.array(["rare", *["usual"] * 49]))])
def test_a_part_that_can_t_be_put_aside_says_what_to_do(count: int, labels: Any) -> None:
    with pytest.raises(MicrogradValueError, match=r"early_stopping=True puts 0.1 of .*or early_stopping=False"):
        MLPClassifier(early_stopping=True).fit(X[:count], labels[:count])


def learned_and_unlearned(epochs: int) -> Any:
    """A net that learned something well, and then its opposite in so many epochs."""
    net = MLPRegressor((5,), warm_start=True, early_stopping=True, random_state=0, learning_rate_init=0.05, max_iter=50)
    net.fit(X, X[:, 0])
    return net.set_params(learning_rate_init=0.5, max_iter=epochs).fit(X, -X[:, 0])


def test_each_fit_keeps_the_best_weights_of_its_own() -> None:
    net = learned_and_unlearned(4)
    last = net.validation_scores_[-4:]
    assert net.best_validation_score_ == max(last) < max(net.validation_scores_)
    assert last[-1] < max(last)  # so that the weights of the last epoch would be others
    until_best = learned_and_unlearned(1 + last.index(max(last)))
    np.testing.assert_array_equal(net.predict(X), until_best.predict(X))


@pytest.mark.parametrize("call", ["fit", "partial_fit"])
def test_a_loss_is_not_compared_with_the_scores_of_an_earlier_fit(call: str) -> None:
    net = MLPClassifier(**{**SETTINGS, "warm_start": True, "early_stopping": True}).fit(X, Y)
    assert net.best_loss_ is None
    getattr(net.set_params(early_stopping=False, n_iter_no_change=1), call)(X, Y)
    count = 4 if call == "fit" else 1
    assert net.n_iter_ == count
    assert net.best_loss_ == min(net.loss_curve_[-count:])


def test_rprop_takes_all_samples_a_step() -> None:
    many = np.tile(X, (6, 1)), np.tile(Y, 6)
    one, other = (
        MLPClassifier(**{**SETTINGS, "solver": "rprop", "batch_size": size, "shuffle": False}).fit(*many)
        for size in ("auto", 300)
    )
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))
