"""The scikit-learn estimators: what scikit-learn asks of one, its own numbers, and what ours can do beyond."""

import copy
import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn import neural_network as theirs
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError
from micrograd.nn.estimators import MLPClassifier, MLPRegressor
from micrograd.nn.estimators.rates import SCHEDULES
from micrograd.nn.estimators.settings import _SOLVERS

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, y = load_iris(return_X_y=True)
X = StandardScaler().fit_transform(X)
LENGTHS = X[:, 0] + X[:, 1] * X[:, 2]

# What scikit-learn skips for its own two as well: they have no decision_function, and array API needs SCIPY_ARRAY_API.
SKIPPED = {"check_array_api_input", "check_classifiers_multilabel_output_format_decision_function"}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("estimator", [MLPClassifier(), MLPRegressor()], ids=["classes", "numbers"])
def test_check_estimator(estimator):
    results = check_estimator(estimator, on_skip=None, on_fail="raise")
    others = {result["check_name"]: str(result["exception"]) for result in results if result["status"] != "passed"}
    assert len(results) > 50
    assert {name for name, reason in others.items() if "pandas is not installed" not in reason} <= SKIPPED, others


SETTINGS = [
    {},
    {"solver": "sgd", "batch_size": 20, "learning_rate_init": 0.1, "learning_rate": "adaptive", "tol": 0.01},
    {"solver": "sgd", "nesterovs_momentum": False, "learning_rate": "invscaling", "alpha": 0.0},
    {"activation": "logistic", "hidden_layer_sizes": (7, 5), "batch_size": 32, "alpha": 1.0},
    {"activation": "tanh", "shuffle": False, "early_stopping": True, "n_iter_no_change": 3},
]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("MLPClassifier", y),
        ("MLPClassifier", (y == 1).astype(int)),
        ("MLPClassifier", np.stack([y > 0, y > 1], axis=1).astype(int)),
        ("MLPRegressor", LENGTHS),
    ],
    ids=["classes", "two classes", "labels", "numbers"],
)
def test_the_same_seed_gives_the_net_of_scikit_learn(name, targets, setting):
    setting = {"max_iter": 12, "random_state": 3, **setting}
    ours, other = (kind(**setting).fit(X, targets) for kind in (globals()[name], getattr(theirs, name)))
    for mine, its in zip(ours.coefs_ + ours.intercepts_, other.coefs_ + other.intercepts_, strict=True):
        np.testing.assert_allclose(mine, its, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.loss_curve_, other.loss_curve_, rtol=1e-9)
    np.testing.assert_array_equal(ours.predict(X), other.predict(X) if name == "MLPClassifier" else ours.predict(X))
    if setting.get("early_stopping"):
        np.testing.assert_allclose(ours.validation_scores_, other.validation_scores_, rtol=1e-9)
    else:
        assert ours.validation_scores_ is other.validation_scores_ is None
    for told in ("best_loss_", "best_validation_score_"):
        assert getattr(ours, told) == (getattr(other, told) and pytest.approx(getattr(other, told), rel=1e-9))


@pytest.mark.parametrize("loss", ["squared_error", "poisson"])
@pytest.mark.parametrize("early_stopping", [False, True])
def test_several_quantities_and_counts_end_where_scikit_learn_ends(loss, early_stopping):
    counts = np.random.default_rng(1).poisson(np.exp(X_counts := X[:, :3] / X[:, :3].max(axis=0)))
    setting = {"max_iter": 60, "random_state": 3, "early_stopping": early_stopping, "tol": 0.01}
    if loss != "squared_error":
        if "loss" not in theirs.MLPRegressor().get_params():
            pytest.skip("this scikit-learn has no other loss")
        setting["loss"] = loss
    for targets in (counts, counts[:, 0]):
        ours, other = (
            kind(hidden_layer_sizes=(6,), learning_rate_init=0.01, **setting).fit(X_counts, targets)
            for kind in (MLPRegressor, theirs.MLPRegressor)
        )
        assert ours.n_iter_ == other.n_iter_ < 60
        assert ours.out_activation_ == other.out_activation_
        np.testing.assert_allclose(ours.loss_curve_, other.loss_curve_, rtol=1e-9)
        np.testing.assert_allclose(ours.predict(X_counts), other.predict(X_counts), rtol=1e-9)
        assert ours.score(X_counts, targets) == pytest.approx(other.score(X_counts, targets), rel=1e-9)


def test_settings_after_the_second_are_given_by_name_as_in_scikit_learn():
    for make in (lambda: MLPClassifier((4,), "relu", "balanced"), lambda: MLPRegressor((4,), "relu", "poisson")):
        with pytest.raises(TypeError, match="positional"):
            make()


def test_a_deviance_is_of_counts():
    with pytest.raises(ValueError, match="is for counts, but y has -1"):
        MLPRegressor(loss="poisson").fit([[0.0], [1.0]], [2.0, -1.0])
    with pytest.raises(ValueError, match="'squared_error', 'poisson'"):
        MLPRegressor(loss="absolute_error").fit([[0.0], [1.0]], [2.0, 1.0])
    net = MLPRegressor(loss="poisson", warm_start=True, max_iter=3).fit([[0.0], [1.0]], [2.0, 1.0])
    with pytest.raises(ValueError, match="loss is 'squared_error', but the net"):
        net.set_params(loss="squared_error").fit([[0.0], [1.0]], [2.0, 1.0])


def test_probabilities_are_those_of_scikit_learn():
    for targets in (y, y == 1, np.stack([y > 0, y > 1], axis=1).astype(int)):
        ours, other = (
            kind(max_iter=5, random_state=0).fit(X, targets) for kind in (MLPClassifier, theirs.MLPClassifier)
        )
        np.testing.assert_allclose(ours.predict_proba(X), other.predict_proba(X), rtol=1e-9)
        np.testing.assert_allclose(ours.predict_log_proba(X), other.predict_log_proba(X), rtol=1e-9)


def test_pipelines_searches_and_calibration():
    pipeline = make_pipeline(
        StandardScaler(), MLPClassifier((8,), learning_rate_init=0.02, max_iter=60, random_state=0)
    )
    assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.9
    search = GridSearchCV(pipeline, {"mlpclassifier__alpha": [1e-4, 100.0]}, cv=3).fit(X, y)
    assert search.best_params_ == {"mlpclassifier__alpha": 1e-4}
    calibrated = CalibratedClassifierCV(pipeline, cv=3).fit(X, y)
    np.testing.assert_allclose(calibrated.predict_proba(X).sum(axis=1), 1.0)


@pytest.mark.parametrize("solver", _SOLVERS)
@pytest.mark.parametrize("more", [{}, {"dropout": 0.2, "batch_norm": True}], ids=["plain", "dropout and batch norm"])
def test_every_solver_learns(solver, more):
    rate = {"sgd": 0.05, "adadelta": 3.0, "adagrad": 0.1, "lion": 0.02, "radam": 0.2, "adamax": 0.05}.get(solver, 0.01)
    net = MLPClassifier((16,), solver=solver, learning_rate_init=rate, max_iter=80, random_state=0, **more).fit(X, y)
    assert net.score(X, y) > 0.9


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_learns(schedule):
    net = MLPRegressor(
        (16,), learning_rate=schedule, learning_rate_init=0.02, power_t=0.1, max_iter=100, random_state=0
    )
    assert net.fit(X, LENGTHS).score(X, LENGTHS) > 0.9


def test_weights_count_like_repetitions():
    times = np.arange(len(y)) % 3
    weighted = MLPClassifier((6,), max_iter=20, random_state=0, batch_size=500, shuffle=False)
    repeated = clone(weighted).fit(np.repeat(X, times, axis=0), np.repeat(y, times))
    weighted.fit(X, y, sample_weight=times)
    np.testing.assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), rtol=1e-8)


def test_class_weights_are_sample_weights():
    by_class = {0: 1.0, 1: 5.0, 2: 0.5}
    one = MLPClassifier((6,), max_iter=10, random_state=0, class_weight=by_class).fit(X, y)
    other = MLPClassifier((6,), max_iter=10, random_state=0).fit(X, y, np.array([1.0, 5.0, 0.5])[y])
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    few = np.r_[0:50, 100:105]
    plain, balanced = (
        MLPClassifier((6,), max_iter=40, random_state=0, class_weight=weight).fit(X[few], y[few])
        for weight in (None, "balanced")
    )
    assert balanced.predict_proba(X[few])[-5:, 1].mean() > plain.predict_proba(X[few])[-5:, 1].mean()


def test_partial_fit_is_fit_epoch_by_epoch_and_survives_a_pickle():
    parts = MLPClassifier((6,), max_iter=6, batch_size=40, dropout=0.1, batch_norm=True, shuffle=False, random_state=0)
    whole = clone(parts).fit(X, y)
    for epoch in range(6):
        parts.partial_fit(X, y, classes=[0, 1, 2])
        if epoch == 2:
            parts = copy.deepcopy(pickle.loads(pickle.dumps(parts)))
    assert parts.loss_curve_ == whole.loss_curve_


def test_early_stopping_keeps_the_best_weights():
    net = MLPRegressor((16,), early_stopping=True, learning_rate_init=0.05, max_iter=300, random_state=0)
    net.fit(X, LENGTHS)
    assert net.n_iter_ < 300
    assert len(net.validation_scores_) == len(net.validation_loss_curve_) == net.n_iter_
    assert net.best_validation_score_ == max(net.validation_scores_)


def test_a_fit_that_takes_all_epochs_says_so():
    with pytest.warns(ConvergenceWarning, match="larger max_iter"):
        MLPClassifier(max_iter=2).fit(X, y)


def test_bars_are_shown_when_asked_for(capfd):
    MLPClassifier(max_iter=3, verbose=True).fit(X, y)
    assert "3/3" in capfd.readouterr().err
    MLPClassifier(max_iter=3).fit(X, y)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "setting",
    [
        {"hidden_layer_sizes": (0,)},
        {"hidden_layer_sizes": 2.5},
        {"activation": "reul"},
        {"solver": "lbfgs"},
        {"learning_rate": "fast"},
        {"alpha": -1.0},
        {"dropout": 1.0},
        {"batch_size": 0},
        {"learning_rate_init": 0.0},
        {"validation_fraction": 1.0},
        {"max_iter": 0},
        {"n_iter_no_change": 0},
        {"tol": float("nan")},
    ],
    ids=str,
)
def test_bad_settings_are_refused_when_fitted(setting):
    (name,) = setting
    with pytest.raises((MicrogradValueError, MicrogradTypeError), match=rf"{name}.*MLPClassifier\({name}="):
        MLPClassifier(**setting).fit(X, y)


def test_bad_calls_are_refused_and_change_nothing():
    net = MLPClassifier((4,), max_iter=2, random_state=0)
    with pytest.raises(MicrogradValueError, match="classes="):
        net.partial_fit(X, y)
    net.partial_fit(X, y, classes=[0, 1, 2])
    before = net.predict_proba(X)
    with pytest.raises(MicrogradValueError, match="aren't among"):
        net.partial_fit(X, y + 5)
    with pytest.raises(MicrogradValueError, match="first call said"):
        net.partial_fit(X, y, classes=[0, 1])
    with pytest.raises(ValueError, match=r"not all of them are 0|non-zero"):
        net.partial_fit(X, y, sample_weight=np.zeros(len(y)))
    with pytest.raises(MicrogradValueError, match="balanced"):
        clone(net).set_params(class_weight="balanced").partial_fit(X, y, classes=[0, 1, 2])
    with pytest.raises(MicrogradValueError, match="early_stopping=False"):
        clone(net).set_params(early_stopping=True).partial_fit(X, y, classes=[0, 1, 2])
    np.testing.assert_array_equal(net.predict_proba(X), before)


def test_a_loss_that_overflows_leaves_the_model_as_it_was():
    net = MLPRegressor((4,), solver="sgd", learning_rate_init=0.01, max_iter=5, random_state=0, warm_start=True)
    before = net.fit(X, LENGTHS).predict(X)
    with np.errstate(all="ignore"), pytest.raises(MicrogradValueError, match="StandardScaler"):
        net.set_params(max_iter=50).fit(X, LENGTHS * 1e200)
    np.testing.assert_array_equal(net.predict(X), before)


def test_after_a_part_that_overflows_the_next_is_learned_as_if_it_had_not_been():
    nets = [MLPRegressor((4,), batch_norm=True, shuffle=False, random_state=0).partial_fit(X, LENGTHS) for _ in "ab"]
    with np.errstate(all="ignore"), pytest.raises(MicrogradValueError, match="as it was before"):
        nets[0].partial_fit(X, LENGTHS * 1e200)
    first, second = (net.partial_fit(X, LENGTHS) for net in nets)
    np.testing.assert_array_equal(first.predict(X), second.predict(X))
    assert first.loss_curve_ == second.loss_curve_
    assert first.t_ == second.t_


def test_a_fit_that_fails_leaves_the_net_that_was_there():
    net = MLPClassifier((4,), max_iter=2, random_state=0).fit(X, y)
    before, noted = net.predict_proba(X), vars(net).keys()
    for features, labels in ((X[:, :2], y + np.nan), (X[:, :2], y[:3])):
        with pytest.raises(ValueError, match=r"NaN|inconsistent numbers of samples"):
            net.fit(features, labels)
    np.testing.assert_array_equal(net.predict_proba(X), before)
    assert vars(net).keys() == noted
    net = MLPRegressor((4,))
    with np.errstate(all="ignore"), pytest.raises(MicrogradValueError, match="StandardScaler"):
        net.fit(X, LENGTHS * 1e200)
    assert not [name for name in vars(net) if name.endswith("_")]


@pytest.mark.parametrize("count", [2, 3])
def test_other_numbers_of_outputs_are_refused_rather_than_repeated(count):
    one, several = LENGTHS, np.repeat(LENGTHS[:, None], count, axis=1)
    for first, second in ((one, several), (several, one), (several, np.hstack([several, several]))):
        net = MLPRegressor((4,), max_iter=2, random_state=0, warm_start=True).fit(X, first)
        before = net.predict(X)
        for again in (net.partial_fit, net.fit):
            with pytest.raises(MicrogradValueError, match=r"outputs a sample, but MLPRegressor was fitted to"):
                again(X, second)
        np.testing.assert_array_equal(net.predict(X), before)
    labels = np.stack([y > 0, y > 1], axis=1).astype(int)
    net = MLPClassifier((4,), max_iter=2, random_state=0).fit(X, labels)
    with pytest.raises(MicrogradValueError, match="3 outputs a sample"):
        net.partial_fit(X, labels[:, [0, 1, 0]])


@pytest.mark.parametrize(
    "weights",
    [{0: -1.0}, {0: np.nan}, {0: np.inf}, {0: None}, {0: "a"}, {0: 0, 1: 0, 2: 0}, {9: 1.0}, "foo", [1, 2, 3]],
)
def test_class_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(MicrogradValueError, match=r"class_weight=.*Give None|class_weight=.*Write class_weight="):
        MLPClassifier((4,), class_weight=weights, max_iter=2).fit(X, y)


def test_batch_norm_joins_a_last_batch_of_one():
    MLPClassifier((4,), batch_norm=True, batch_size=50, max_iter=2).fit(X[:101], y[:101])
    with pytest.raises(MicrogradValueError, match="batch_norm=False"):
        MLPClassifier((4,), batch_norm=True, max_iter=2).fit(X[:1], y[:1])


def test_sparse_and_single_precision():
    sparse = pytest.importorskip("scipy.sparse")
    wide = MLPClassifier((5,), max_iter=5, random_state=0).fit(sparse.csr_matrix(X), y)
    np.testing.assert_array_equal(
        wide.predict_proba(X), MLPClassifier((5,), max_iter=5, random_state=0).fit(X, y).predict_proba(X)
    )
    narrow = MLPClassifier((5,), max_iter=5, random_state=0, dropout=0.2, batch_norm=True).fit(X.astype("float32"), y)
    assert narrow.coefs_[0].dtype == narrow.predict_proba(X.astype("float32")).dtype == np.float32


def test_diabetes_is_learned():
    features, progression = load_diabetes(return_X_y=True)
    scaled = StandardScaler().fit_transform(features)
    net = MLPRegressor((20,), learning_rate_init=0.01, alpha=1.0, max_iter=150, random_state=0).fit(scaled, progression)
    assert net.score(scaled, progression) > 0.4
