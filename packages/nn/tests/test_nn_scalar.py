import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value, tanh
from micrograd.nn import MLP, Layer, Neuron
from micrograd.nn.activations import ELEMENTWISE


def karpathys_draws(nin: int, nouts: list[int]) -> list[float]:
    """The initial parameters of micrograd's MLP, by the lines of its nn.py."""
    sizes = [nin, *nouts]
    drawn = []
    for i in range(len(nouts)):
        for _ in range(sizes[i + 1]):
            drawn += [random.uniform(-1, 1) for _ in range(sizes[i])] + [0.0]
    return drawn


@given(st.integers(0, 2**32), st.integers(1, 4), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_weights_are_micrograds_draw_for_draw(seed: int, nin: int, nouts: list[int]) -> None:
    random.seed(seed)
    expected = karpathys_draws(nin, nouts)
    random.seed(seed)
    assert [p.data for p in MLP(nin, nouts).parameters()] == expected
    rng = random.Random(seed)
    assert [p.data for p in MLP(nin, nouts, rng=rng).parameters()] == expected


def test_reprs_are_micrograds() -> None:
    assert repr(Neuron(2)) == "ReLUNeuron(2)"
    assert repr(Neuron(2, nonlin=False)) == "LinearNeuron(2)"
    assert repr(Layer(2, 2, nonlin=False)) == "Layer of [LinearNeuron(2), LinearNeuron(2)]"
    assert repr(MLP(2, [1, 1])) == "MLP of [Layer of [ReLUNeuron(2)], Layer of [LinearNeuron(1)]]"


def test_reprs_of_other_activations() -> None:
    assert repr(Neuron(2, activation="leaky_relu")) == "LeakyReluNeuron(2)"
    assert repr(Neuron(2, activation=tanh)) == "TanhNeuron(2)"
    assert repr(Neuron(2, activation=None)) == "LinearNeuron(2)"
    assert repr(Neuron(2, activation=lambda v: v)) == "LambdaNeuron(2)"


numbers = st.floats(-3, 3)


@given(st.lists(numbers, min_size=3, max_size=3), st.lists(numbers, min_size=3, max_size=3), numbers)
def test_a_neuron_adds_up_in_micrograds_order(x: list[float], w: list[float], b: float) -> None:
    neuron = Neuron(3, activation="tanh")
    for p, number in zip(neuron.parameters(), [*w, b], strict=True):
        p.data = number
    assert neuron(x).data == math.tanh(((b + w[0] * x[0]) + w[1] * x[1]) + w[2] * x[2])


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_elementwise_function_is_an_activation(name: str) -> None:
    neuron = Neuron(1, activation=name)
    neuron.w[0].data, neuron.b.data = 0.5, 0.1
    out = neuron([0.4])
    expected = ELEMENTWISE[name](0.5 * 0.4 + 0.1)
    assert out.data == expected or math.isnan(expected)
    out.backward()


def test_the_usual_activations_are_there() -> None:
    assert set(ELEMENTWISE) >= {"relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "softplus", "tanh", "sin"}


def test_an_activation_of_ones_own() -> None:
    neuron = Neuron(1, activation=lambda v: v * v)
    neuron.w[0].data = 3.0
    assert neuron([1.0]).data == 9.0


def test_the_last_layer_of_an_mlp_is_linear() -> None:
    model = MLP(1, [2, 1], activation="tanh")
    assert "LinearNeuron" in repr(model.layers[-1])
    assert repr(model.layers[0]) == "Layer of [TanhNeuron(1), TanhNeuron(1)]"


def test_several_outputs_are_a_list() -> None:
    out = MLP(2, [4, 3])([1.0, 2.0])
    assert [type(value) for value in out] == [Value] * 3


def test_a_hidden_layer_of_one_neuron() -> None:
    # micrograd fails here: its layer hands on a bare Value, which the next one can't iterate over.
    model = MLP(1, [1, 1, 2])
    assert len(model(0.5)) == 2


@pytest.mark.parametrize("make", [tuple, list, iter, lambda x: map(Value, x), lambda x: (n for n in x)])
def test_any_iterable_is_a_sample(make) -> None:
    model = MLP(2, [2, 1], rng=random.Random(1))
    assert model(make([1.0, 2.0])).data == model([1.0, 2.0]).data


def test_arrays_are_samples() -> None:
    numpy = pytest.importorskip("numpy")
    model = MLP(2, [2, 1])
    assert model(numpy.array([1.0, 2.0])).data == model([1.0, 2.0]).data
    assert model(numpy.array([1, 2])).data == model([1.0, 2.0]).data
    with pytest.raises(MicrogradValueError, match=r"array of shape \(5, 2\).*\[model\(x\) for x in X\]"):
        model(numpy.zeros((5, 2)))
    with pytest.raises(MicrogradValueError, match=r"given 2 sequences.*\[model\(x\) for x in X\]"):
        model([numpy.zeros(2), numpy.zeros(2)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: MLP(2, [16, 16, 1])([1.0, 2.0, 3.0]),
            r"Layer 0 of MLP takes 2 inputs but was given 3: .*MLP\(3, \[16, 16, 1\]\)",
        ),
        (lambda: MLP(2, [1])([1.0]), r"Layer 0 of MLP takes 2 inputs but was given 1: \[1.0\].* MLP\(1, \[1\]\)"),
        (lambda: MLP(2, [1])([]), r"takes 2 inputs but was given 0"),
        (lambda: MLP(2, [1])(1.0), r"takes 2 inputs but was given 1"),
        (lambda: MLP(2, [1])([[1.0, 2.0]] * 5), r"one sample at a time .* \[model\(x\) for x in X\]"),
        (
            lambda: MLP(2, [3, 1])([[1.0, 2.0], [3.0, 4.0]]),
            r"2 sequences.*in X\]; .* model.to_tensors\(\)\(X\)",
        ),
        (lambda: MLP(2, [1])(row for row in ((1.0, 2.0), (3.0, 4.0))), r"one sample at a time"),
        (lambda: Layer(1, 2)([[1.0]]), r"Layer takes one sample at a time but was given 1 sequence\."),
        (lambda: Layer(2, 4)([1.0]), r"Layer takes 2 inputs but was given 1: .*Layer\(1, 4\)"),
        (lambda: Neuron(1)([1.0, 2.0]), r"Neuron takes 1 input but was given 2: .*1 feature, .*Neuron\(2\)"),
        (lambda: MLP(2, []), r"at least one layer. Write MLP\(2, \[1\]\)"),
        (lambda: MLP(2, [0, 1]), r"must be at least 1, but is 0"),
        (lambda: MLP(0, [1]), r"nin must be at least 1"),
        (lambda: Layer(2, -1), r"nout must be at least 1"),
        (lambda: Neuron(2, activation="rleu"), r'Did you mean activation="relu"'),
        (lambda: Neuron(2, activation="max pooling over time"), r"Write activation="),
    ],
)
def test_wrong_numbers_are_named(call, message: str) -> None:
    with pytest.raises(MicrogradValueError, match=message):
        call()


def test_a_layer_in_the_middle_is_named() -> None:
    model = MLP(2, [3, 4, 1])
    model.layers[1] = Layer(5, 4)
    with pytest.raises(MicrogradValueError, match=r"Layer 1 of MLP takes 5 inputs but was given 3: .*Layer\(3, 4\)"):
        model([1.0, 2.0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: MLP(2, 1), r"Write MLP\(2, \[1\]\)"),
        (lambda: MLP(2, "16"), r"nouts is a list"),
        (lambda: MLP(2, [1.5]), r"whole number, but was given the float 1.5"),
        (lambda: MLP(2.0, [1]), r"nin is a whole number"),
        (lambda: MLP(2, [True]), r"whole number"),
        (lambda: Neuron("2"), r"the str '2'"),
        (lambda: Neuron(2, activation=3), r"a name or a function, but was given the int 3"),
        (lambda: MLP(2, [1], rng=1337), r"Write rng=random.Random\(1337\)"),
        (lambda: MLP(2, [1])(None), r"sequence of numbers .* the NoneType None"),
        (lambda: MLP(2, [1])("ab"), r"the str 'ab'"),
        (lambda: MLP(2, [1])({"a": 1.0, "b": 2.0}), r"the dict"),
        (lambda: MLP(2, [1])([1.0, None]), r"None"),
    ],
)
def test_wrong_kinds_are_named(call, message: str) -> None:
    with pytest.raises(MicrogradTypeError, match=message):
        call()
