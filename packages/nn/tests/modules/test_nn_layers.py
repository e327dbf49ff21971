"""Modules of Tensors: states, freezing, dtypes, errors that name the place, summaries, and the way to scalar nets."""

from __future__ import annotations

import copy
import pickle
import random
import warnings
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine import (  # noqa: E402
    MicrogradError,
    MicrogradTypeError,
    MicrogradValueError,
    Tensor,
    TracingError,
    Value,
    jit,
    softmax,
)
from micrograd.engine import sigmoid as sigmoid_of  # noqa: E402
from micrograd.nn import (  # noqa: E402
    MLP,
    SGD,
    BatchNorm1d,
    Conv2d,
    Dropout,
    Dropout2d,
    Embedding,
    Flatten,
    Identity,
    Layer,
    Linear,
    LogitsWarning,
    LSTMCell,
    MaxPool2d,
    Module,
    ModuleList,
    ReLU,
    Sequential,
    Tanh,
    TransformerBlock,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    init,
    jit_train_step,
    l2_penalty,
    mse_loss,
    summary,
)


class Residual(Module):
    """A module in the users' manner."""

    def __init__(self) -> None:
        self.inner = ModuleList([Linear(4, 4, rng=0), Linear(4, 4, rng=1)])
        self.norm = BatchNorm1d(4)
        self.head = Linear(4, 2, rng=2)

    def forward(self, x: Any) -> Any:
        for layer in self.inner:
            x = x + layer(x).relu()
        return self.head(self.norm(x))


NAMES = [
    *("inner.0.weight", "inner.0.bias", "inner.1.weight", "inner.1.bias", "norm.weight", "norm.bias"),
    *("head.weight", "head.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"),
]
X = np.random.default_rng(0).normal(size=(8, 4))


# ---- states ----------------------------------------------------------------------------------------------------------


def test_a_state_is_a_copy_by_pytorch_s_names() -> None:
    model = Residual()
    state = model.state_dict()
    assert list(state) == NAMES
    state["head.weight"][...] = 7.0
    assert not (model.head.weight.data == 7.0).any()


def test_a_state_goes_into_a_twin() -> None:
    model, twin = Residual(), Residual()
    model(Tensor(X))  # moves the running statistics
    for parameter in model.parameters():
        parameter.data += 0.5
    twin.load_state_dict(model.state_dict())
    np.testing.assert_array_equal(model.eval()(X)._data, twin.eval()(X)._data)


def test_a_state_that_does_not_fit_says_all_and_changes_nothing() -> None:
    model = Residual()
    before = model.state_dict()
    state = {name: array + 1 for name, array in before.items()}
    del state["norm.bias"]
    state["head.weight"] = np.zeros((3, 4))
    state["tail"] = np.zeros(1)
    with pytest.raises(MicrogradValueError) as caught:
        model.load_state_dict(state)
    for line in (
        "missing: norm.bias, of shape (4,)",
        "unexpected: tail, of shape (1,)",
        "wrong shape: head.weight is (2, 4) here, but (3, 4) in the state",
    ):
        assert line in str(caught.value)
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(MicrogradValueError, match="wrong shape"):
        model.load_state_dict(state, strict=False)
    del state["head.weight"]
    model.load_state_dict(state, strict=False)
    np.testing.assert_array_equal(model.head.bias.data, before["head.bias"] + 1)


def test_a_scalar_net_has_a_state_too() -> None:
    model, twin = MLP(2, [3, 1]), MLP(2, [3, 1])
    twin.load_state_dict(model.state_dict())
    assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    with pytest.raises(MicrogradValueError, match=r"missing: layers\.0\.neurons\.0\.b"):
        twin.load_state_dict(dict.fromkeys(list(model.state_dict())[:2], 0.0))


def test_a_frozen_module_stays_and_is_still_saved() -> None:
    model = Residual()
    model.inner.freeze()
    optimizer = SGD(model.parameters(), lr=0.1)
    before = model.state_dict()
    (model(Tensor(X)) ** 2).sum().backward()
    optimizer.step()
    after = model.state_dict()
    assert list(after) == NAMES
    moved = {name for name in NAMES if (after[name] != before[name]).any()}
    assert not any(name.startswith("inner") for name in moved)
    assert "head.weight" in moved
    model.inner.unfreeze()
    (model(Tensor(X)) ** 2).sum().backward()
    assert model.inner[0].weight.grad is not None
    with pytest.raises(MicrogradTypeError, match="scalar net can't be frozen"):
        MLP(2, [1]).freeze()


def test_another_dtype_throughout() -> None:
    model = Residual().float()
    assert {p.dtype for p in model.parameters()} == {np.dtype("float32")}
    assert model.norm.running_mean.dtype == np.float32
    assert model.norm.num_batches_tracked.dtype.kind == "i"
    assert model(X.astype(np.float32)).dtype == np.float32
    assert model.double().head.weight.dtype == np.float64
    for bad in (lambda: model.to(int), lambda: MLP(2, [1]).to("float32")):
        with pytest.raises(MicrogradTypeError, match="converts Tensors"):
            bad()


def test_buffers_are_noted_and_checked() -> None:
    model = Module()
    model.register_buffer("seen", np.zeros(2))
    model.register_buffer("none", None)
    assert [name for name, _ in model.named_buffers()] == ["seen"]
    for name, array in (("seen", np.zeros(2)), ("a b", np.zeros(2)), ("list", [1.0]), ("t", Tensor(1.0))):
        with pytest.raises(MicrogradError):
            model.register_buffer(name, array)


def test_shared_parameters_count_once() -> None:
    model = Sequential(Linear(3, 3, rng=0), Linear(3, 3, rng=1))
    model[1].weight = model[0].weight
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias", "1.bias"]


def test_copies_and_pickles_compute_the_same() -> None:
    model = Residual()
    model(Tensor(X))
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(twin.eval()(X)._data, model.eval()(X)._data)
        assert not set(twin.parameters()) & set(model.parameters())


def test_children_and_apply() -> None:
    model = Residual()
    assert [name for name, _ in model.named_children()] == ["inner", "norm", "head"]
    assert model.children().__next__() is model.inner
    seen: list[str] = []
    model.apply(lambda module: seen.append(type(module).__name__))
    assert seen == ["Linear", "BatchNorm1d", "Linear", "Linear", "ModuleList", "Residual"]


# ---- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "x", "message"),
    [
        (lambda: Sequential(Linear(4, 8), ReLU(), Linear(9, 1)), X, r"^in 2 \(Linear\(9, 1\)\): .*\(\.\.\., 9\)"),
        (lambda: Sequential(Sequential(Linear(3, 8))), X, r"^in 0\.0 \(Linear\(3, 8\)\): .*given \(8, 4\)"),
        (lambda: Sequential(Linear(64, 10)), np.zeros((5, 8, 8)), r"Flatten\(\)"),
        (lambda: Sequential(Conv2d(1, 8, 3)), np.zeros((5, 8, 8)), r"\(samples, 1, height, width\).*x\[:, None\]"),
        (lambda: BatchNorm1d(3), X, r"BatchNorm1d\(3\) expects shape \(samples, 3\), but was given \(8, 4\)"),
        (lambda: BatchNorm1d(4), X[:1], "more than one"),
        (lambda: Sequential(TransformerBlock(4, 2)), X, r"^in 0\.attention \(MultiHeadAttention\(4, 2\).*places"),
        (lambda: Linear(2, 1), [Value(1.0), Value(2.0)], "not with Values"),
        (
            lambda: Linear(2, 1),
            [Tensor([1.0, 2.0]), Tensor([3.0, 4.0])],
            r"a list of several.*stack\(x\)",
        ),
        (lambda: Sequential(lambda x: None, Linear(2, 1)), X, r"^in 1 .*given None.*lacks its `return`"),
        (lambda: Linear(1, 2), X[:, 0], r"was given \(8,\): .*x\[:, None\] for samples of one feature"),
        (lambda: Linear(2, 1), "text", "takes a Tensor or an array"),
        (lambda: Flatten(2), X, "no axes 2 to -1"),
        (lambda: LSTMCell(4, 3), X, None),
    ],
)
def test_errors_name_the_place_and_the_fix(model: Any, x: Any, message: str | None) -> None:
    if message is None:
        with pytest.raises(MicrogradError, match="pair"):
            model()(x, 1.0)
        return
    with pytest.raises(MicrogradError, match=message):
        model()(x)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Linear(0, 1),
        lambda: Linear(2.0, 1),
        lambda: Dropout(1.5),
        lambda: Dropout(rng="seed"),
        lambda: Conv2d(3, 4, 3, groups=2),
        lambda: Conv2d(3, 4, (3, 3, 3)),
        lambda: Sequential([Linear(2, 1)]),
        lambda: ModuleList([lambda x: x]),
        lambda: init.gain("softmax"),
        lambda: init.xavier_uniform((3,)),
        lambda: init.kaiming_normal((3, 3), mode="fan"),
    ],
)
def test_settings_that_make_no_sense_are_refused(make: Any) -> None:
    with pytest.raises(MicrogradError):
        make()


def test_probabilities_in_the_place_of_logits_are_warned_of() -> None:
    logits = Tensor(np.random.default_rng(0).normal(size=(4, 3)), requires_grad=True)
    labels = np.array([0, 1, 2, 0])
    with pytest.warns(LogitsWarning, match="Drop the softmax"):
        cross_entropy(softmax(logits), labels)
    with pytest.warns(LogitsWarning, match="sum is 1"):
        cross_entropy(softmax(logits).detach(), labels)
    with pytest.warns(LogitsWarning, match="Drop the sigmoid"):
        binary_cross_entropy_with_logits(sigmoid_of(logits), np.ones((4, 3)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cross_entropy(logits, labels)
        cross_entropy(logits.sigmoid(), labels)


@pytest.mark.parametrize(
    ("loss", "target"),
    [
        (cross_entropy, [0, 1, 3]),
        (cross_entropy, [0.0, 1.0, 2.0]),
        (cross_entropy, [0, 1]),
        (mse_loss, np.zeros(3)),
        (hinge_loss, np.ones(3)),
        (binary_cross_entropy_with_logits, np.ones(3)),
    ],
)
def test_targets_that_do_not_fit_are_refused(loss: Any, target: Any) -> None:
    scores = Tensor(np.zeros((3, 1 if loss is not cross_entropy else 3)), requires_grad=True)
    with pytest.raises(MicrogradError):
        loss(scores, target)


# ---- the rest --------------------------------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_numbers_and_no_global_state_counts() -> None:
    np.random.seed(0)
    first = Linear(3, 2, rng=5).state_dict()
    np.random.seed(1)
    for name, array in Linear(3, 2, rng=np.random.default_rng(5)).state_dict().items():
        np.testing.assert_array_equal(array, first[name])


def test_whole_channels_are_dropped_inside_a_compiled_step_as_without() -> None:
    pairs = [Sequential(Conv2d(1, 4, 3, rng=0), Dropout2d(0.5, rng=1)) for _ in range(2)]
    x = np.random.default_rng(0).normal(size=(2, 1, 5, 5))
    step = jit_train_step(lambda x: (pairs[0](x) ** 2).sum(), SGD(pairs[0].parameters(), lr=0.01))
    optimizer = SGD(pairs[1].parameters(), lr=0.01)
    for _ in range(4):
        loss = (pairs[1](x) ** 2).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        assert step(x) == pytest.approx(loss.item(), rel=1e-12)
    with pytest.raises(MicrogradValueError, match=r"\(samples, channels, height, width\)"):
        Dropout2d()(x[0])


def test_a_table_that_shortens_its_rows_is_not_compiled() -> None:
    words = Embedding(5, 3, max_norm=0.1, rng=0)
    before = words.weight.data.copy()
    for call in (jit(lambda numbers: words(numbers).sum()), jit(lambda numbers: words(np.array([1, 2])).sum())):
        with pytest.raises(TracingError, match="without max_norm"):
            call(np.array([1, 2]))
    assert (words.weight.data == before).all()
    words(np.array([1, 2]))
    assert (np.linalg.norm(words.weight.data[[1, 2]], axis=1) < 0.1).all()
    assert (words.weight.data[[0, 3, 4]] == before[[0, 3, 4]]).all()


def test_containers_are_changed_as_lists_are() -> None:
    x = np.ones((2, 2))
    model = Sequential(Linear(2, 3, rng=0), Tanh())
    model.append(Linear(3, 1, rng=1)).insert(2, Identity()).extend([ReLU()])
    model[1] = ReLU()
    del model[2]
    assert [type(layer).__name__ for layer in model] == ["Linear", "ReLU", "Linear", "ReLU"]
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    layers = ModuleList([Linear(2, 3, rng=0)]).append(Tanh())
    for container, bad in ((model, 3), (model, Tanh), (layers, np.tanh)):
        titles = [layer.title() for layer in container]
        for change in (lambda c, b: c.append(b), lambda c, b: c.insert(0, b), lambda c, b: c.__setitem__(0, b)):
            with pytest.raises(MicrogradTypeError):
                change(container, bad)
        assert [layer.title() for layer in container] == titles
    step = jit_train_step(lambda x: model(x).sum(), SGD(model.parameters(), lr=0.0))
    assert step(x) == model(x).sum().item()
    model.append(Identity())[0] = Linear(2, 3, rng=5)
    assert step(x) == model(x).sum().item()


def test_dropout_only_while_training() -> None:
    layer = Dropout(0.25, rng=0)
    kept = layer(np.ones(10_000))
    assert set(np.unique(kept)) == {0.0, 1 / 0.75}
    assert kept.mean() == pytest.approx(1.0, abs=0.03)
    np.testing.assert_array_equal(layer.eval()(np.ones(3)), np.ones(3))


def test_a_summary_lists_what_is_called_and_leaves_the_model_as_it_was() -> None:
    model = Sequential(Conv2d(1, 4, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), BatchNorm1d(64), Linear(64, 10))
    before = model.state_dict()
    lines = summary(model, (2, 1, 8, 8)).splitlines()
    assert [line.split()[-1] for line in lines] == ["parameters", "40", "0", "0", "0", "128", "650", "818"]
    assert "(2, 4, 4, 4)" in lines[3]
    assert model.training
    for name, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[name])
    with pytest.raises(MicrogradValueError, match=r"in 0 \(Conv2d"):
        summary(model, (2, 3, 8, 8))
    assert model(Tensor(np.zeros((2, 1, 8, 8)))).shape == (2, 10)


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu", None])
def test_a_scalar_mlp_and_its_tensors_agree(activation: str | None) -> None:
    model = MLP(3, [5, 4, 2], activation=activation, rng=random.Random(1))
    tensors = model.to_tensors()
    rows = np.random.default_rng(2).normal(size=(6, 3))
    out = tensors(Tensor(rows))
    expected = [[value.data for value in model(row)] for row in rows]
    np.testing.assert_allclose(out._data, expected, rtol=1e-12)
    (out**2).sum().backward()
    total = sum((value**2 for row in rows for value in model(row)), Value(0.0))
    total.backward()
    linears = [module for module in tensors if isinstance(module, Linear)]
    for layer, linear in zip(model.layers, linears, strict=True):
        np.testing.assert_allclose(linear.weight.grad, [[w.grad for w in n.w] for n in layer.neurons], rtol=1e-10)
        np.testing.assert_allclose(linear.bias.grad, [n.b.grad for n in layer.neurons], rtol=1e-10)
    if activation is not None:
        back = MLP.from_tensors(tensors)
        assert back.state_dict() == model.state_dict()
        assert repr(back) == repr(model)


@pytest.mark.parametrize(
    "model", [Sequential(Linear(2, 1), ReLU()), Sequential(ReLU()), Sequential(Linear(2, 1), Linear(1, 1))]
)
def test_what_is_no_mlp_does_not_become_one(model: Any) -> None:
    with pytest.raises(MicrogradTypeError, match="one activation between each two"):
        MLP.from_tensors(model)


def test_a_function_in_a_sequential_is_shown() -> None:
    lines = repr(Sequential(Linear(2, 3), softmax, Linear(3, 1))).splitlines()
    assert lines[1:4] == ["  (0): Linear(2, 3)", "  (1): softmax", "  (2): Linear(3, 1)"]


def test_values_go_through_a_sequential_of_scalar_layers() -> None:
    model = Sequential(Layer(2, 3, nonlin=False), Tanh(), Identity(), Layer(3, 1, nonlin=False))
    x = [Value(1.0), Value(-2.0)]
    model(x).backward()
    assert x[0].grad != 0.0
    assert len(model.parameters()) == 13


def test_a_penalty_on_tensors() -> None:
    weight = Tensor([[3.0, 4.0]], requires_grad=True)
    penalty = l2_penalty([weight], alpha=0.1)
    penalty.backward()
    np.testing.assert_allclose([penalty.item(), *weight.grad[0]], [2.5, 0.6, 0.8])


@pytest.mark.parametrize("name", ["zeros", "ones", "uniform", "normal", "xavier_uniform", "orthogonal"])
def test_a_weight_in_place_of_its_shape_is_refused(name: str) -> None:
    layer = Linear(2, 3, rng=0)
    for given in (layer.weight, layer.weight.data):
        with pytest.raises(MicrogradTypeError, match=r"write layer.weight.data = .*\(layer.weight.shape\)"):
            getattr(init, name)(given)
