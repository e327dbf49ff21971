"""What is given wrongly is refused by name, with the corrected code, and leaves everything as it was."""

from __future__ import annotations

import math

import pytest

from micrograd.engine import Value
from micrograd.engine.errors import MicrogradError, MicrogradTypeError, MicrogradValueError
from micrograd.nn import (
    MLP,
    SGD,
    Adadelta,
    Adam,
    ChainedScheduler,
    Lion,
    MultiStepLR,
    ReduceLROnPlateau,
    RMSprop,
    SequentialLR,
    StepLR,
    WeightAverage,
    clip_grad_norm,
    clip_grad_value,
    fit,
    hinge_loss,
    l2_penalty,
    mse_loss,
    summary,
)

np = pytest.importorskip("numpy")

from micrograd import nn  # noqa: E402
from micrograd.engine import Tensor, kl_div  # noqa: E402

OPTIMIZERS = [SGD, Adam, RMSprop, Adadelta, Lion]


def linear():
    model = nn.Linear(2, 1, rng=0)
    nn.mse_loss(model(np.ones((3, 2))), np.ones((3, 1))).backward()
    return model


# ---- optimisers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize(
    ("grad", "error"),
    [
        (np.ones(2), MicrogradValueError),
        (np.ones(1), MicrogradValueError),
        (np.ones((7, 2)), MicrogradValueError),
        (1.0, MicrogradValueError),
        (np.ones((1, 2), complex), MicrogradTypeError),
        (np.array([[None, None]]), MicrogradTypeError),
        ([[1.0, 2.0]], MicrogradTypeError),
        ("a", MicrogradTypeError),
    ],
)
def test_a_gradient_that_does_not_fit_moves_nothing(kind, grad, error):
    model = linear()
    optimizer = kind(model.parameters(), lr=0.1)
    before, state = model.state_dict(), str(optimizer.state_dict())
    model.weight.grad = grad
    with pytest.raises(error, match=r"shape \(1, 2\).*nothing was moved"):
        optimizer.step()
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    assert str(optimizer.state_dict()) == state


@pytest.mark.parametrize("grad", ["a", None, [1.0], 1j, np.ones(2)])
def test_a_gradient_of_a_value_is_one_number(grad):
    x, y = Value(1.0), Value(2.0, label="y")
    x.grad, y.grad = 1.0, grad
    with pytest.raises(MicrogradError, match=r"parameter 1 \(y\) is one real number"):
        SGD([x, y], lr=0.1).step()
    assert (x.data, y.data) == (1.0, 2.0)


@pytest.mark.parametrize("grad", [1, np.float64(1.0), np.float32(1.0), np.array(1.0), Value(1.0), True])
def test_a_gradient_of_a_value_may_be_any_real_number(grad):
    x = Value(1.0)
    x.grad = grad
    SGD([x], lr=0.5).step()
    assert x.data == 0.5 and type(x.data) is float


def test_a_gradient_of_a_tensor_may_be_of_integers_or_a_tensor():
    for grad in (np.ones((1, 2), int), Tensor(np.ones((1, 2))), np.ones((1, 2), np.float32)):
        model = linear()
        before = model.weight.data.copy()
        model.weight.grad = grad
        SGD(model.parameters(), lr=0.5).step()
        assert np.allclose(model.weight.data, before - 0.5)
    x = Tensor(1.0, requires_grad=True)
    x.grad = 1.0
    SGD([x], lr=0.5).step()
    assert x.item() == 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"steps": -1},
        {"steps": "a"},
        {"steps": 1.5},
        {"lr": math.nan},
        {"lr": "a"},
        {"lr": -1.0},
        {"sat_out": [0]},
        {"sat_out": [-1, 0]},
        {"sat_out": None},
        {"states": None},
        {"states": "ab"},
        {"states": []},
        {"states": [("a", "b"), ("c", "d")]},
        {"states": [(np.ones((1, 2), complex),) * 2, (np.ones(1),) * 2]},
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change):
    model = linear()
    optimizer = Adam(model.parameters(), lr=0.1)
    optimizer.step()
    before = str(optimizer.state_dict())
    with pytest.raises(MicrogradError):
        optimizer.load_state_dict({**optimizer.state_dict(), **change})
    assert str(optimizer.state_dict()) == before


@pytest.mark.parametrize("state", [None, [], "abc", {}, {"steps": 1, "lr": 0.1}])
def test_what_is_no_state_is_refused(state):
    with pytest.raises(MicrogradTypeError, match=r"load_state_dict\(other.state_dict\(\)\)"):
        Adam([Value(1.0)]).load_state_dict(state)
    groups = SGD([{"params": [Value(1.0)]}], lr=0.1)
    with pytest.raises(MicrogradError):
        groups.load_state_dict(state)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Adam([Value(1.0)], betas=0.9),
        lambda: Adam([Value(1.0)], betas=(0.9,)),
        lambda: Lion([Value(1.0)], betas="ab"),
        lambda: RMSprop([Value(1.0)], alpha=2.0),
        lambda: Adadelta([Value(1.0)], rho=1.5),
    ],
)
def test_settings_of_optimisers(make):
    with pytest.raises(MicrogradError, match="Write"):
        make()


# ---- schedules, clipping, averages -----------------------------------------------------------------------------------


def sgd():
    return SGD([Value(1.0)], lr=0.1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: StepLR(None, 1),
        lambda: StepLR([Value(1.0)], 1),
        lambda: MultiStepLR(sgd(), 3),
        lambda: MultiStepLR(sgd(), "ab"),
        lambda: SequentialLR(sgd(), None, None),
        lambda: SequentialLR(sgd(), [StepLR(sgd(), 1)], 3),
        lambda: ChainedScheduler(3),
        lambda: ChainedScheduler([sgd()]),
        lambda: ReduceLROnPlateau(sgd()).step("a"),
        lambda: ReduceLROnPlateau(sgd()).step(None),
        lambda: ReduceLROnPlateau(sgd()).step(np.ones(2)),
        lambda: WeightAverage(None),
        lambda: WeightAverage([Value(1.0)]),
        lambda: clip_grad_norm(None, 1.0),
        lambda: clip_grad_norm(linear(), 1.0),
        lambda: clip_grad_norm([1.0], 1.0),
        lambda: clip_grad_value(Value(1.0), 1.0),
        lambda: clip_grad_value("ab", 1.0),
        lambda: l2_penalty(None),
        lambda: l2_penalty("ab"),
        lambda: l2_penalty(Value(1.0)),
    ],
)
def test_schedules_clipping_and_averages_say_what_to_write(make):
    with pytest.raises(MicrogradTypeError, match="Write"):
        make()


# ---- states of models ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [None, [], "abc", 3])
def test_the_state_of_a_model_is_a_dict(state):
    for model in (nn.Linear(2, 1, rng=0), MLP(2, [1])):
        with pytest.raises(MicrogradTypeError, match=r"load_state_dict\(other.state_dict\(\)\)"):
            model.load_state_dict(state)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (np.ones(1, complex), "no real numbers: bias holds complex128"),
        (np.array([None]), "no real numbers"),
        ("a", "no real numbers"),
        (None, "no real numbers"),
        ([1.0], "no real numbers"),
        (np.ones((1, 1)), "wrong shape"),
        (1.0, "wrong shape"),
    ],
)
def test_a_state_of_other_numbers_changes_nothing(bad, words):
    model = nn.Linear(2, 1, rng=0)
    before = model.state_dict()
    with pytest.raises(MicrogradValueError, match=words):
        model.load_state_dict({"weight": np.full((1, 2), 9.0), "bias": bad})
    assert all((array == before[name]).all() for name, array in model.state_dict().items())


def test_numbers_that_become_infinite_are_refused():
    model = nn.Linear(2, 1, rng=0).float()
    state = {name: array.astype(float) * 0 + 1e300 for name, array in model.state_dict().items()}
    with pytest.raises(MicrogradValueError, match="infinite in float32"):
        model.load_state_dict(state)
    infinite = {name: array * np.inf for name, array in model.state_dict().items()}
    model.load_state_dict(infinite)  # these were so before


def test_numbers_as_they_come_are_taken():
    model = nn.Linear(2, 1, rng=0)
    state = model.state_dict()
    for change in (Tensor, np.asfortranarray, lambda a: a[::-1][::-1], lambda a: a.astype(np.float32).astype(float)):
        model.load_state_dict({name: change(array) for name, array in state.items()})
        assert np.allclose(model.weight.data, state["weight"])
    scalar = MLP(1, [1])
    scalar.load_state_dict({name: np.float64(2.0) for name in scalar.state_dict()})
    assert [type(p.data) for p in scalar.parameters()] == [float, float]
    with pytest.raises(MicrogradValueError, match="no real numbers"):
        scalar.load_state_dict(dict.fromkeys(scalar.state_dict(), "1.5"))


# ---- layers ----------------------------------------------------------------------------------------------------------

MATRIX = np.ones((5, 4))


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.BatchNorm1d(4, None),
        lambda: nn.BatchNorm1d(4, -1.0),
        lambda: nn.BatchNorm1d(4, math.nan),
        lambda: nn.BatchNorm1d(4, momentum="a"),
        lambda: nn.BatchNorm1d(4, momentum=7.0),
        lambda: nn.LayerNorm(4, None),
        lambda: nn.LayerNorm(4, -5.0),
        lambda: nn.RMSNorm(4, "e"),
        lambda: nn.GroupNorm(1, 4, eps=-5.0),
        lambda: nn.Linear(2, 3, "relu"),
        lambda: nn.LeakyReLU("a"),
        lambda: nn.LeakyReLU(math.nan),
        lambda: nn.ELU(None),
        lambda: nn.CELU(0.0),
        lambda: nn.Softplus(0.0),
        lambda: nn.Softplus("a"),
        lambda: nn.Hardtanh(2.0, -2.0),
        lambda: nn.Hardtanh("a", "b"),
        lambda: nn.PReLU(4, "x"),
        lambda: nn.Softmax("a"),
        lambda: nn.Softmax(1.0),
        lambda: nn.Softmax(None),
        lambda: nn.Softmax(5)(MATRIX),
        lambda: nn.LogSoftmax(-3)(MATRIX),
        lambda: nn.GLU(2)(MATRIX),
        lambda: nn.GLU("a"),
        lambda: nn.Flatten("a"),
        lambda: nn.Dropout(0.5, rng=-3),
        lambda: nn.Embedding(5, 2, padding_idx=5),
        lambda: nn.Embedding(5, 2, padding_idx=-6),
        lambda: nn.Embedding(5, 2, padding_idx="a"),
        lambda: nn.TransformerBlock("a", "b"),
        lambda: nn.TransformerBlock(4, 2, mlp_ratio="x"),
    ],
)
def test_settings_of_layers(make):
    with pytest.raises(MicrogradError, match="Write"):
        make()


def test_a_padding_index_counts_from_the_end_too():
    table = nn.Embedding(5, 2, padding_idx=-1, rng=0)
    assert table.padding_idx == 4 and not table.weight.data[4].any()


# ---- losses ----------------------------------------------------------------------------------------------------------


def test_a_hinge_of_plain_numbers_is_a_number():
    assert hinge_loss([0.5, -2.0], [1, -1]).data == 0.25


def test_a_target_that_is_no_probability_makes_no_number():
    scores = np.log(np.array([[0.25, 0.75]]))
    assert math.isnan(kl_div(scores, np.array([[math.nan, 0.5]])))
    with np.errstate(invalid="ignore"):
        assert math.isnan(kl_div(scores, np.array([[-0.5, 1.5]])))
    assert kl_div(scores, np.array([[0.0, 1.0]]), reduction="sum") == pytest.approx(-math.log(0.75))


@pytest.mark.parametrize(
    "make",
    [
        lambda x, t: nn.huber_loss(x, t, delta="a"),
        lambda x, t: nn.huber_loss(x, t, delta=math.nan),
        lambda x, t: nn.smooth_l1_loss(x, t, beta="a"),
        lambda x, t: nn.HingeLoss(margin=math.nan)(x, t),
        lambda x, t: nn.HingeLoss(margin=None)(x, t),
        lambda x, t: nn.triplet_margin_loss(x, t, t, margin="a"),
        lambda x, t: nn.triplet_margin_loss(x, t, t, p="a"),
        lambda x, t: nn.cross_entropy(x, np.array([0, 1]), label_smoothing="a"),
        lambda x, t: nn.multi_margin_loss(x, np.array([0, 1]), margin=math.nan),
    ],
)
def test_settings_of_losses(make):
    with pytest.raises(MicrogradError, match=r"real number|nan"):
        make(Tensor(np.ones((2, 3)), requires_grad=True), np.ones((2, 3)))


# ---- what plays a part in a training ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loss": None}, "loss is a function"),
        ({"loss": nn.MSELoss}, "the class MSELoss"),
        ({"optimizer": 3}, "optimizer has step"),
        ({"optimizer": SGD}, "the class SGD"),
        ({"optimizer": [Value(1.0)]}, "optimizer has step"),
        ({"scheduler": "a"}, "scheduler has step"),
        ({"scheduler": StepLR}, "the class StepLR"),
        ({"metrics": "ab"}, "a metric is a function"),
        ({"metrics": [3]}, "a metric is a function"),
    ],
)
def test_what_can_t_play_its_part_moves_nothing(change, words):
    model = MLP(1, [1])
    before = model.state_dict()
    given = {"loss": nn.mse_loss, "optimizer": SGD(model.parameters(), lr=0.1), "progress": False, **change}
    with pytest.raises(MicrogradTypeError, match=words):
        nn.fit(model, ([[1.0], [2.0]], [1.0, 3.0]), steps=3, **given)
    assert model.state_dict() == before


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Sequential(nn.Linear(2, 2), nn.ReLU),
        lambda: nn.ModuleList(None),
        lambda: nn.save("model.safetensors", nn.Linear(2, 1)),
        lambda: nn.load("model.safetensors", nn.Linear(2, 1)),
        lambda: nn.Linear(2, 1).to("foo"),
    ],
)
def test_arguments_in_the_wrong_order_and_classes_for_layers(make):
    with pytest.raises(MicrogradTypeError, match="Write"):
        make()


@pytest.mark.parametrize("closure", [1.0, Value(1.0), "closure"])
def test_a_closure_that_can_t_be_called_moves_nothing(closure):
    w = Value(1.0)
    w.grad = 1.0
    for optimizer in (SGD([w], lr=0.1), SGD([{"params": [w]}], lr=0.1)):
        with pytest.raises(
            MicrogradTypeError, match=r"step\(\) takes nothing, or a function .*Write loss.backward\(\)"
        ):
            optimizer.step(closure)
    assert w.data == 1.0


DATA = [[1.0], [2.0]], [1.0, 3.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda model, optimizer: nn.evaluate(model, DATA, 3.0), "loss is a function"),
        (lambda model, optimizer: nn.evaluate(model, DATA, mse_loss, 3.0), "a metric is a function"),
        (lambda model, optimizer: nn.evaluate(model, *DATA, loss=mse_loss), r"called as evaluate\(model, data, loss"),
        (lambda model, optimizer: nn.find_lr(model, DATA, 3.0, optimizer), "loss is a function"),
        (lambda model, optimizer: nn.find_lr(model, DATA, mse_loss, SGD), "optimizer is to be an object"),
        (lambda model, optimizer: nn.find_lr(model, DATA, mse_loss), r"called as find_lr\(model, data, loss"),
        (lambda model, optimizer: nn.find_lr(DATA, model, mse_loss, optimizer), r"model has modules\(\)"),
        (lambda model, optimizer: model.apply(3.0), r"apply\(\) takes a function"),
        (lambda model, optimizer: nn.jit_train_step(mse_loss), r"called as jit_train_step\(loss, optimizer"),
    ],
)
def test_what_is_called_can_be_called(call, words):
    model = MLP(1, [1])
    with pytest.raises(MicrogradTypeError, match=words):
        call(model, SGD(model.parameters(), lr=0.1))


@pytest.mark.parametrize("data", [(1.0, 2.0), ("ab", "cd"), ([[1.0]], 3.0), ({}, {}), np.ones(2)])
def test_data_that_are_no_samples_are_refused(data):
    model = MLP(1, [1])
    with pytest.raises(MicrogradTypeError, match=r"Write fit\(model, \(X, y\), \.\.\.\)"):
        fit(model, data, mse_loss, SGD(model.parameters(), lr=0.1), epochs=1, progress=False)


@pytest.mark.parametrize("shape", ["ab", None, (2.5,), (-1, 2), ("a",), 1j])
def test_a_shape_that_is_none_is_refused(shape):
    with pytest.raises(MicrogradError, match=r"Write summary\(model, \(8, 64\)\)"):
        summary(linear(), shape)


@pytest.mark.parametrize("seed", ["a", -1, 1.5, True, [1]])
def test_a_seed_that_is_none_is_refused(seed):
    model = MLP(1, [1])
    with pytest.raises(MicrogradError, match=r"seed .*Write fit\(\.\.\., seed=0\)"):
        fit(model, ([[1.0]], [1.0]), mse_loss, SGD(model.parameters(), lr=0.1), epochs=1, progress=False, seed=seed)


# ---- fit -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("switch", ["shuffle", "drop_last", "progress", "jit"])
@pytest.mark.parametrize("value", ["no", 1, None])
def test_a_switch_of_fit_is_true_or_false(switch, value):
    model = MLP(2, [1])
    before = [p.data for p in model.parameters()]
    with pytest.raises(MicrogradTypeError, match=f"{switch} is True or False"):
        fit(
            model,
            ([[0.0, 1.0]], [1]),
            hinge_loss,
            SGD(model.parameters()),
            steps=1,
            **{"progress": False, switch: value},
        )
    assert [p.data for p in model.parameters()] == before
