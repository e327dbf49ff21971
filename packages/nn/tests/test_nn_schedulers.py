import math

import pytest

from micrograd.engine import MicrogradTypeError, MicrogradValueError, Value
from micrograd.nn import SGD, ConstantLR, CosineAnnealingLR, LinearLR, LRScheduler, StepLR

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
    peer = getattr(torch.optim.lr_scheduler, schedule.__name__)(peer_optimizer, **settings)
    theirs = []
    for _ in range(60):
        theirs += peer.get_last_lr()
        peer_optimizer.step()
        peer.step()
    assert rates(schedule(optimizer(), **settings), 60) == pytest.approx(theirs, rel=1e-11, abs=1e-15)


@pytest.mark.parametrize(("schedule", "settings"), CASES)
def test_stepping_follows_the_function(schedule: type[LRScheduler], settings: dict[str, float]) -> None:
    made = schedule(optimizer(), **settings)
    assert rates(made, 60) == [made.lr_at(step) for step in range(60)]
    assert made.last_epoch == 60
    assert all(rate >= 0 for rate in map(made.lr_at, range(200)))


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
