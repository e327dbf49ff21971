import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from micrograd.engine import MicrogradTypeError, Value
from micrograd.nn import MLP, SGD, Layer, Module, Neuron


class Box(Module):
    def __init__(self, **parts: object) -> None:
        vars(self).update(parts)


def test_names_are_paths_in_the_order_of_attributes() -> None:
    names = [name for name, _ in MLP(2, [3, 1]).named_parameters()]
    assert names[:4] == [
        "layers.0.neurons.0.w.0",
        "layers.0.neurons.0.w.1",
        "layers.0.neurons.0.b",
        "layers.0.neurons.1.w.0",
    ]
    assert len(names) == len(set(names)) == 3 * 3 + 4


def test_lists_tuples_and_dicts_are_looked_into() -> None:
    a, b, c = Value(1), Value(2), Value(3)
    box = Box(pair=(a, [b]), table={"left": {"c": c}}, size=3, name="box")
    assert [name for name, _ in box.named_parameters()] == ["pair.0", "pair.1.0", "table.left.c"]
    assert box.parameters() == [a, b, c]


def test_a_shared_parameter_is_listed_once_by_its_first_name() -> None:
    shared = Value(1)
    assert list(Box(first=shared, then=[shared]).named_parameters()) == [("first", shared)]


def test_a_shared_module_is_listed_once() -> None:
    neuron = Neuron(2)
    assert len(Box(a=neuron, b=[neuron]).parameters()) == 3


def test_what_was_computed_is_no_parameter() -> None:
    w = Value(2)
    assert Box(w=w, last=w * 3).parameters() == [w]


def test_cycles_end() -> None:
    inner = Box(w=Value(1))
    outer = Box(inner=inner)
    inner.parent = outer
    assert [name for name, _ in outer.named_parameters()] == ["inner.w"]
    assert [name for name, _ in outer.named_modules()] == ["", "inner"]


def test_depth_is_bounded_by_memory_alone() -> None:
    module = Box(w=Value(1))
    for _ in range(3_000):
        module = Box(inner=module)
    assert len(module.parameters()) == 1
    module.eval()


def test_zero_grad() -> None:
    model = MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert not any(p.grad for p in model.parameters())


def test_train_and_eval_reach_every_module() -> None:
    model = MLP(2, [2, 1])
    assert model.training
    assert model.eval() is model
    assert not any(module.training for _, module in model.named_modules())
    assert model.train().layers[0].neurons[0].training


def test_a_mode_is_a_truth_value() -> None:
    model = MLP(2, [2, 1]).eval()
    with pytest.raises(MicrogradTypeError, match=r"mode is True or False, but was given the str 'no'"):
        model.train("no")  # type: ignore[arg-type]
    assert not model.training


class Karpathys(Module):
    """As in micrograd: no super().__init__(), and only `parameters` overridden."""

    def __init__(self) -> None:
        self.w = [Value(1.0), Value(2.0)]
        self.frozen = Value(5.0)
        self.hidden = {Value(3.0)}  # a set, into which nobody looks

    def __call__(self, x: list[float]) -> Value:
        return sum((w * xi for w, xi in zip(self.w, x, strict=True)), next(iter(self.hidden)))

    def parameters(self) -> list[Value]:
        return [*self.w, *self.hidden]


def test_an_overridden_parameters_decides() -> None:
    module = Karpathys()
    assert [name for name, _ in module.named_parameters()] == ["w.0", "w.1", "2"]
    holder = Box(own=Value(0.0), part=module)
    assert [name for name, _ in holder.named_parameters()] == ["own", "part.w.0", "part.w.1", "part.2"]
    assert holder.parameters()[1:] == module.parameters()


def test_an_overridden_parameters_is_trained_and_zeroed() -> None:
    module = Karpathys()
    for p in (*module.parameters(), module.frozen):
        p.grad = 1.0
    SGD(module.parameters(), lr=1.0).step()
    Box(part=module).zero_grad()
    assert [p.data for p in module.parameters()] == [0.0, 1.0, 2.0]
    assert [p.grad for p in module.parameters()] == [0.0, 0.0, 0.0]
    assert (module.frozen.data, module.frozen.grad) == (5.0, 1.0)


def test_an_override_may_ask_the_base() -> None:
    class More(MLP):
        def __init__(self) -> None:
            super().__init__(2, [1])
            self.extra = (Value(1.0),)

        def parameters(self) -> list[Value]:
            return [*super().parameters(), Value(0.0)]

    assert [name for name, _ in More().named_parameters()][-2:] == ["extra.0", "4"]


def test_no_call_is_an_error_that_says_so() -> None:
    with pytest.raises(MicrogradTypeError, match=r"Write def forward\(self, x\)"):
        Box()(1.0)


def test_copies_and_pickles_are_whole() -> None:
    model = MLP(2, [3, 1], activation="tanh")
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
        assert not set(twin.parameters()) & set(model.parameters())


trees = st.recursive(
    st.builds(Value, st.floats(-1, 1)),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.dictionaries(st.sampled_from("abc"), parts, max_size=3),
        parts.map(lambda part: Box(part=part)),
    ),
    max_leaves=12,
)


@given(trees, trees)
def test_every_leaf_is_found_once_whatever_the_nesting(left: object, right: object) -> None:
    def leaves(thing: object) -> list[Value]:
        if isinstance(thing, Value):
            return [thing]
        parts = thing.values() if isinstance(thing, dict) else vars(thing).values() if isinstance(thing, Box) else thing
        return [leaf for part in parts for leaf in leaves(part)]

    box = Box(left=left, right=right, again=left)
    assert box.parameters() == list(dict.fromkeys(leaves(left) + leaves(right)))
    names = [name for name, _ in box.named_parameters()]
    assert len(names) == len(set(names))


def test_layers_are_modules_too() -> None:
    assert len(Layer(3, 2).parameters()) == 8
