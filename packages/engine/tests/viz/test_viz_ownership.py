"""The names that a graph's leaves have in what owns them."""

from __future__ import annotations

import gc
import weakref

from micrograd.engine import Value
from micrograd.engine.observing.owners import living_owners, note_owner
from micrograd.engine.viz.names.leaves import names_among
from micrograd.engine.viz.names.ownership import owned_names
from micrograd.engine.viz.view import view_graph


class Owner:
    def __init__(self, **parameters):
        self.own = parameters
        note_owner(self)

    def named_parameters(self):
        for name, parameter in self.own.items():
            if isinstance(parameter, Owner):
                yield from ((f"{name}.{inner}", leaf) for inner, leaf in parameter.named_parameters())
            else:
                yield name, parameter


class Other(Owner):
    pass


def test_leaves_are_named_and_others_are_not():
    w, x = Value(2.0), Value(3.0)
    owner = Owner(w=w)
    assert owned_names([w, x, w * x]) == {w: "w"}
    assert [node.kind for node in view_graph(w * x).nodes if node.kind != "op"] == ["parameter", "data", "interior"]
    del owner


def test_the_outermost_owner_names_whether_it_was_made_first_or_last():
    inner = Owner(w=Value(1.0))
    outer = Owner(part=inner, b=Value(0.0))
    assert set(owned_names([inner.own["w"]]).values()) == {"part.w"}
    wrapped = Owner(only=outer)
    assert set(owned_names([inner.own["w"]]).values()) == {"only.part.w"}
    del wrapped


def test_owners_that_meet_in_a_graph_are_told_apart():
    one, two, three = Owner(w=Value(1.0)), Owner(w=Value(2.0)), Other(w=Value(3.0))
    leaves = [owner.own["w"] for owner in (one, two, three)]
    assert list(owned_names(leaves[:1]).values()) == ["w"]
    assert [owned_names(leaves)[leaf] for leaf in leaves] == ["Owner.0.w", "Owner.1.w", "Other.w"]


def test_a_leaf_that_two_owners_share_has_one_name():
    shared = Value(1.0)
    one, two = Owner(w=shared), Owner(w=shared, b=Value(0.0))
    assert owned_names([shared]) == {shared: "w"}
    names = owned_names([shared, two.own["b"]])
    assert names == {shared: "w", two.own["b"]: "b"}
    del one


def test_an_owner_that_cannot_tell_keeps_nothing_from_being_named():
    broken = Owner(w=Value(1.0))
    del broken.own
    owner = Owner(w=Value(1.0))
    assert set(owned_names([owner.own["w"]]).values()) == {"w"}


def test_names_that_are_given_count_alone():
    w = Value(1.0)
    owner = Owner(w=w)
    assert names_among([w], {"slope": w}) == {w: "slope"}
    assert names_among([w], ()) == {}
    del owner


def test_nobody_is_kept_alive():
    owner = Owner(w=Value(1.0))
    leaf, there = owner.own["w"], weakref.ref(owner)
    assert owner in living_owners()
    del owner
    gc.collect()
    assert there() is None
    assert owned_names([leaf]) == {}
