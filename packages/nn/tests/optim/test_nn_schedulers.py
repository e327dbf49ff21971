import json
import math
import random
from typing import Any

import pytest

import micrograd.nn
from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import (
    SGD,
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    LRScheduler,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

CASES = [
    (ConstantLR, {}),
    (ConstantLR, {"factor": 0.25, "total_iters": 7}),
    (LinearLR, {}),
    (LinearLR, {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 40}),
    (LinearLR, {"start_factor": 0.3, "end_factor": 0.0, "total_iters": 30}),
    (StepLR, {"step_size": 8, "gamma": 0.5}),
    (StepLR, {"step_size": 3}),
    (CosineAnnealingLR, {"T_max": 20}),
    (CosineAnnealingLR, {"T_max": 30, "eta_min": 0.01}),
    (CosineAnnealingWarmRestarts, {"T_0": 7}),
    (CosineAnnealingWarmRestarts, {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    (ExponentialLR, {"gamma": 0.9}),
    (MultiStepLR, {"milestones": [5, 5, 30], "gamma": 0.5}),
    (OneCycleLR, {"max_lr": 0.7, "total_steps": 60}),
    (OneCycleLR, {"max_lr": 0.7, "epochs": 6, "steps_per_epoch": 11, "pct_start": 0.2, "three_phase": True}),
    (OneCycleLR, {"max_lr": [0.7], "total_steps": 60, "anneal_strategy": "linear", "three_phase": True}),
    (CyclicLR, {"base_lr": 0.01, "max_lr": 0.7, "step_size_up": 7}),
    (CyclicLR, {"base_lr": 0.01, "max_lr": 0.7, "step_size_up": 3, "step_size_down": 8, "mode": "triangular2"}),
    (CyclicLR, {"base_lr": [0.01], "max_lr": [0.7], "step_size_up": 6, "mode": "exp_range", "gamma": 0.95}),
    (CyclicLR, {"base_lr": 0.1, "max_lr": 0.5, "step_size_up": 1, "scale_fn": lambda cycle: 0.8**cycle}),
    (
        CyclicLR,
        {
            "base_lr": 0.1,
            "max_lr": 0.5,
            "step_size_up": 5,
            "step_size_down": 2,
            "scale_fn": lambda step: 1.0 / (1 + step),
            "scale_mode": "iterations",
        },
    ),
    (PolynomialLR, {}),
    (PolynomialLR, {"total_iters": 50, "power": 0.5}),
    (LambdaLR, {"lr_lambda": lambda step: 1.0 / (1 + step)}),
    (MultiplicativeLR, {"lr_lambda": lambda step: 0.9 if step % 3 else 1.1}),
    (OneCycleLR, {"max_lr": 0.7, "total_steps": 61, "pct_start": 0.5, "anneal_strategy": "linear", "div_factor": 4.0}),
]


def optimizer(lr: float = 0.3) -> SGD:
    return SGD([Value(0.0)], lr)


def rates(schedule: LRScheduler, steps: int) -> list[float]:
    seen = []
    for _ in range(steps):
        seen += schedule.get_last_lr()
        schedule.step()
    return seen


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step.*:UserWarning")
@pytest.mark.parametrize(("schedule", "settings"), CASES)
def test_the_rates_are_pytorchs(schedule: type[LRScheduler], settings: dict[str, float]) -> None:
    torch = pytest.importorskip("torch")
    peer_optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    extra = {"cycle_momentum": False} if schedule in (CyclicLR, OneCycleLR) else {}
    peer = getattr(torch.optim.lr_scheduler, schedule.__name__)(peer_optimizer, **settings, **extra)
    theirs = []
    for _ in range(60):
        theirs += peer.get_last_lr()
        peer_optimizer.step()
        peer.step()
    assert rates(schedule(optimizer(), **settings), 60) == pytest.approx(theirs, rel=1e-11, abs=1e-15)


@pytest.mark.torch
def test_each_group_has_its_own_function_rate_and_floor_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    ours = SGD([{"params": [Value(0.0)], "lr": 0.5}, {"params": [Value(0.0)]}], lr=0.1)
    theirs = torch.optim.SGD([{"params": [torch.zeros(1)], "lr": 0.5}, {"params": [torch.zeros(1)]}], lr=0.1)

    def schedules(optimizer: Any, kinds: Any) -> list[Any]:
        return [
            kinds.LambdaLR(optimizer, [lambda step: 0.9**step, lambda step: 1.0 / (1 + step)]),
            kinds.OneCycleLR(optimizer, [0.3, 0.7], 30, cycle_momentum=False)
            if kinds is not micrograd.nn
            else kinds.OneCycleLR(optimizer, [0.3, 0.7], 30),
        ]

    for mine, peer in zip(schedules(ours, micrograd.nn), schedules(theirs, torch.optim.lr_scheduler), strict=True):
        for _ in range(29):
            theirs.step()
            mine.step()
            peer.step()
            assert mine.get_last_lr() == pytest.approx(peer.get_last_lr(), rel=1e-12)
    floors = {"factor": 0.1, "patience": 0, "min_lr": [0.01, 0.002]}
    drops = ReduceLROnPlateau(ours, **floors), torch.optim.lr_scheduler.ReduceLROnPlateau(theirs, **floors)
    for _ in range(6):
        for drop in drops:
            drop.step(1.0)
        assert drops[0].get_last_lr() == pytest.approx([g["lr"] for g in theirs.param_groups], rel=1e-12)


@pytest.mark.parametrize(("schedule", "settings"), CASES)
def test_stepping_follows_the_function(schedule: type[LRScheduler], settings: dict[str, float]) -> None:
    made = schedule(optimizer(), **settings)
    assert rates(made, 60) == [made.lr_at(step) for step in range(60)]
    assert made.last_epoch == 60
    assert all(rate >= 0 for rate in map(made.lr_at, range(61)))


def test_the_decay_of_micrograds_demo_to_the_bit() -> None:
    schedule = LinearLR(optimizer(1.0), start_factor=1.0, end_factor=0.1, total_iters=100)
    assert rates(schedule, 100) == [1.0 - 0.9 * k / 100 for k in range(100)]


def test_constant() -> None:
    assert set(rates(ConstantLR(optimizer(0.3), factor=1.0), 20)) == {0.3}


@pytest.mark.parametrize(
    "make",
    [
        lambda o: ConstantLR(o, factor=-1.0),
        lambda o: LinearLR(o, start_factor=math.nan),
        lambda o: LinearLR(o, total_iters=0),
        lambda o: StepLR(o, step_size=0),
        lambda o: StepLR(o, step_size=3, gamma=math.inf),
        lambda o: CosineAnnealingLR(o, T_max=0),
        lambda o: CosineAnnealingLR(o, T_max=3, eta_min=-1.0),
    ],
)
def test_settings_that_make_no_sense(make) -> None:
    with pytest.raises(MicrogradValueError, match=r"Write \w+LR\(optimizer"):
        make(optimizer())
    with pytest.raises(MicrogradTypeError, match="whole number"):
        StepLR(optimizer(), step_size=2.5)


def test_ones_own_schedule() -> None:
    class Halving(LRScheduler):
        def lr_at(self, step: int) -> float:
            return self.base_lr * 0.5**step

    assert rates(Halving(optimizer(1.0)), 3) == [1.0, 0.5, 0.25]


def made(module: Any, kind: str, optimizer: Any) -> Any:
    """The same composition of ours or PyTorch's schedules."""
    if kind == "chained":
        parts = [module.LinearLR(optimizer, 0.1, total_iters=9), module.ExponentialLR(optimizer, 0.9)]
        return module.ChainedScheduler([*parts, module.MultiStepLR(optimizer, [20], 0.5)])
    if kind == "chained, with a floor":
        parts = [module.LinearLR(optimizer, 0.1, total_iters=9), module.CosineAnnealingLR(optimizer, 20, eta_min=0.05)]
        return module.ChainedScheduler([*parts, module.StepLR(optimizer, 25, 0.5)], optimizer)
    parts = [module.LinearLR(optimizer, 0.1, total_iters=9), module.CosineAnnealingLR(optimizer, 20)]
    if kind == "sequential, from the rate before":
        going_on = module.MultiplicativeLR(optimizer, lambda step: 1.1 - 0.01 * step)
        return module.SequentialLR(optimizer, [*parts, going_on], [9, 23])
    return module.SequentialLR(optimizer, [*parts, module.ConstantLR(optimizer, 0.2, 50)], [9, 29])


COMPOSITIONS = ["chained", "chained, with a floor", "sequential", "sequential, from the rate before"]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step.*:UserWarning", "ignore:The epoch parameter:UserWarning")
@pytest.mark.parametrize("kind", COMPOSITIONS)
def test_compositions_are_pytorchs(kind: str) -> None:
    torch = pytest.importorskip("torch")
    peer_optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    peer = made(torch.optim.lr_scheduler, kind, peer_optimizer)
    theirs = []
    for _ in range(60):
        theirs += peer.get_last_lr()
        peer_optimizer.step()
        peer.step()
    assert rates(made(micrograd.nn, kind, optimizer()), 60) == pytest.approx(theirs, rel=1e-11, abs=1e-15)


@pytest.mark.torch
@pytest.mark.parametrize(
    "settings",
    [
        {"patience": 2},
        {"mode": "max", "patience": 1, "factor": 0.5, "cooldown": 2},
        {"threshold": 0.05, "threshold_mode": "abs", "patience": 0, "min_lr": 0.01},
        {"threshold": 0.2, "patience": 1, "factor": 0.3},
    ],
)
def test_plateaus_are_pytorchs(settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    peer_optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    peer = torch.optim.lr_scheduler.ReduceLROnPlateau(peer_optimizer, **{"factor": 0.1, **settings})
    schedule = ReduceLROnPlateau(optimizer(), **settings)
    measures = random.Random(0)
    for step in range(80):
        measure = math.nan if step == 40 else 1.0 / (1 + step % 25) + 0.1 * measures.random()
        peer.step(measure)
        schedule.step(measure)
        assert schedule.get_last_lr() == pytest.approx([peer_optimizer.param_groups[0]["lr"]], rel=1e-12)


@pytest.mark.parametrize(("schedule", "settings"), CASES)
def test_a_state_goes_on_where_it_was_taken(schedule: type[LRScheduler], settings: dict[str, float]) -> None:
    first, second = schedule(optimizer(), **settings), schedule(optimizer(0.7), **settings)
    rates(first, 13)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert rates(second, 20) == rates(first, 20)


@pytest.mark.parametrize("kind", COMPOSITIONS)
def test_a_state_of_a_composition(kind: str) -> None:
    first, second = made(micrograd.nn, kind, optimizer()), made(micrograd.nn, kind, optimizer(0.7))
    rates(first, 13)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert rates(second, 20) == rates(first, 20)


def test_rates_with_a_floor_may_be_asked_for_in_any_order() -> None:
    schedule = made(micrograd.nn, "chained, with a floor", optimizer())
    forwards = [schedule.lr_at(step) for step in range(30)]
    assert [schedule.lr_at(step) for step in reversed(range(30))] == forwards[::-1]
    with pytest.raises(MicrogradValueError, match="have 2"):
        micrograd.nn.ChainedScheduler([micrograd.nn.ExponentialLR(optimizer(), 0.9)], optimizer())


def test_a_chain_that_would_come_below_0_stays_there() -> None:
    schedule = optimizer(0.01)
    parts = [
        micrograd.nn.PolynomialLR(schedule, total_iters=40, power=2.0),
        micrograd.nn.CosineAnnealingLR(schedule, 20, 1e-5),
    ]
    found = rates(micrograd.nn.ChainedScheduler(parts), 60)
    assert min(found) == 0.0
    assert found[30] > 0.0


def test_a_state_of_a_plateau() -> None:
    first, second = (ReduceLROnPlateau(optimizer(), patience=1) for _ in range(2))
    for measure in (3.0, 3.0, 3.0, 2.0, 2.0):
        first.step(measure)
    second.load_state_dict(first.state_dict())
    for schedule in (first, second):
        schedule.step(2.0)
    assert first.get_last_lr() == second.get_last_lr() == pytest.approx([0.003])


@pytest.mark.parametrize(
    "make",
    [
        lambda o: MultiStepLR(o, [3, 2]),
        lambda o: OneCycleLR(o, 0.1, 10, anneal_strategy="sine"),
        lambda o: OneCycleLR(o, 0.1),
        lambda o: OneCycleLR(o, 0.1, 10, epochs=2, steps_per_epoch=5),
        lambda o: OneCycleLR(o, [0.1, 0.2], 10),
        lambda o: OneCycleLR(o, 0.1, 10, div_factor=0),
        lambda o: LambdaLR(o, [math.exp, math.exp]),
        lambda o: LambdaLR(o, lambda step: math.nan),
        lambda o: CyclicLR(o, 0.1, 0.5, mode="square"),
        lambda o: CyclicLR(o, 0.1, 0.5, scale_mode="epochs"),
        lambda o: CyclicLR(o, [0.1, 0.2], 0.5),
        lambda o: CyclicLR(o, 0.1, 0.5, 0),
        lambda o: CyclicLR(o, 0.1, 0.5, scale_fn=lambda cycle: math.nan),
        lambda o: PolynomialLR(o, 0),
        lambda o: ReduceLROnPlateau(o, min_lr=[0.1, 0.2]),
        lambda o: OneCycleLR(o, 0.1, 10).lr_at(11),
        lambda o: ReduceLROnPlateau(o, mode="least"),
        lambda o: ReduceLROnPlateau(o, factor=1.0),
        lambda o: ChainedScheduler([ExponentialLR(o, 0.9), ExponentialLR(optimizer(), 0.9)]),
        lambda o: ChainedScheduler([]),
        lambda o: SequentialLR(o, [ExponentialLR(o, 0.9)], [3]),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any) -> None:
    with pytest.raises(MicrogradValueError):
        make(optimizer())


def test_groups_of_parameters_have_their_own_rates() -> None:
    grouped = SGD([{"params": [Value(0.0)]}, {"params": [Value(0.0)], "lr": 0.1}], lr=1.0)
    schedule = ExponentialLR(grouped, 0.5)
    schedule.step()
    assert schedule.get_last_lr() == [0.5, 0.05]
    other = SGD([Value(0.0)], lr=1.0)
    with pytest.raises(MicrogradValueError, match="2 groups"):
        ExponentialLR(other, 0.5).load_state_dict(schedule.state_dict())


@pytest.mark.parametrize("strategy", ["cos", "linear"])
def test_a_loop_as_long_as_the_cycle_ends_at_its_last_rate(strategy: str) -> None:
    schedule = OneCycleLR(optimizer(), max_lr=0.1, total_steps=10, anneal_strategy=strategy)
    for _ in range(10):
        schedule.step()
    assert schedule.get_last_lr() == [schedule.lr_at(9)] == [pytest.approx(0.1 / 25 / 1e4)]


@pytest.mark.parametrize("pct_start", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("three_phase", [False, True])
def test_a_phase_of_no_length_is_none(pct_start: float, three_phase: bool) -> None:
    made = OneCycleLR(optimizer(), max_lr=0.1, total_steps=10, pct_start=pct_start, three_phase=three_phase)
    seen = [made.lr_at(step) for step in range(10)]
    assert all(0.0 < rate <= 0.1 for rate in seen)
    if pct_start == 0.1:
        assert seen[0] == 0.1
