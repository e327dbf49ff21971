"""The settings of layers and losses: read and written as PyTorch's, and refused where they aren't here."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd import nn  # noqa: E402
from micrograd.engine import Tensor, Value, prelu  # noqa: E402
from micrograd.engine.errors import MicrogradAttributeError, MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.nn.pytorch_names import LEFT_OUT, AbsentMethods  # noqa: E402

RNG = np.random.default_rng(3)
IMAGES, SIGNALS, ROWS = RNG.normal(size=(4, 4, 7, 6)), RNG.normal(size=(4, 3, 9)), RNG.normal(size=(5, 3))
LABELS = np.array([0, 2, 1, 1, 0])

LAYERS = {
    "Linear": (3, 2),
    "Conv1d": (3, 4, 3),
    "Conv2d": (4, 2, (3, 2), 2, (1, 0)),
    "ConvTranspose1d": (3, 2, 3, 2, 1, 1),
    "ConvTranspose2d": (4, 2, 3),
    "MaxPool1d": (2,),
    "MaxPool2d": ((3, 2), 2, 1),
    "AvgPool2d": (2, 1),
    "AdaptiveAvgPool2d": ((3, 2),),
    "BatchNorm1d": (3,),
    "BatchNorm2d": (4, 1e-3, None, False, False),
    "LayerNorm": (3,),
    "RMSNorm": ((7, 6), None, False),
    "GroupNorm": (2, 4),
    "Embedding": (5, 3, -1),
    "Dropout": (0.3,),
    "LSTMCell": (3, 4),
    "PReLU": (4, 0.1),
    "Softplus": (2.0,),
    **{f"{name}Loss": () for name in ("CrossEntropy", "NLL", "BCEWithLogits", "MSE", "L1", "SmoothL1", "Huber")},
    **{f"{name}Loss": () for name in ("MultiMargin", "KLDiv", "CosineEmbedding", "TripletMargin")},
}
NOT_HERE = {"inplace", "return_indices", "scale_grad_by_freq", "sparse", "transposed", "training", "bias"}


@pytest.mark.torch
@pytest.mark.parametrize("name", LAYERS)
def test_settings_are_read_as_pytorch_s(name: str) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = (getattr(package, name)(*LAYERS[name]) for package in (torch.nn, nn))
    wanted = {key: value for key, value in vars(theirs).items() if key[0] != "_" and key not in NOT_HERE}
    if "Conv" in name and "Transpose" not in name:
        del wanted["output_padding"]
    assert {key: getattr(ours, key) for key in wanted} == wanted


WRITTEN = {
    "MaxPool2d": ((3,), {"ceil_mode": True, "stride": 2, "dilation": 2}, IMAGES),
    "AvgPool2d": ((3,), {"padding": 1, "count_include_pad": False, "divisor_override": 5}, IMAGES),
    "Conv2d": ((4, 2, 3), {"padding": (1, 2), "stride": (2, 1)}, IMAGES),
    "BatchNorm1d": ((3,), {"momentum": 0.5, "eps": 0.1}, ROWS),
    "LayerNorm": ((3,), {"eps": 0.1}, ROWS),
    "Softplus": ((), {"beta": 3.0}, ROWS),
}


def both(name: str, *args: Any) -> tuple[Any, Any, Any]:
    """Our layer with the numbers of PyTorch's, that one, and PyTorch."""
    torch = pytest.importorskip("torch")
    theirs, ours = getattr(torch.nn, name)(*args).double(), getattr(nn, name)(*args)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs, torch


@pytest.mark.torch
@pytest.mark.parametrize("name", WRITTEN)
def test_a_setting_that_is_written_later_counts_as_in_pytorch(name: str) -> None:
    args, settings, x = WRITTEN[name]
    ours, theirs, torch = both(name, *args)
    before = ours(x)
    for setting, value in settings.items():
        setattr(ours, setting, value)
        setattr(theirs, setting, value)
    found, expected = ours(x), theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(getattr(found, "_data", found), expected, rtol=1e-10, atol=1e-12)
    assert not np.array_equal(getattr(before, "_data", before), expected)


def test_the_border_follows_a_padding_that_is_written_later() -> None:
    first, second = (nn.Conv1d(3, 2, 3, padding=n, padding_mode="reflect", rng=0) for n in (1, 3))
    first.padding = (3,)
    np.testing.assert_array_equal(first(SIGNALS)._data, second(SIGNALS)._data)


@pytest.mark.torch
def test_statistics_are_no_longer_kept_once_that_is_said() -> None:
    ours, theirs, torch = both("BatchNorm1d", 3)
    for layer, x in ((ours, ROWS), (theirs, torch.tensor(ROWS))):
        layer(x)
        layer.track_running_stats = False
        layer(2.0 * x)
    for name, array in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[name], array.numpy(), rtol=1e-12)


def test_the_setting_of_a_loss_is_written_and_counts_in_a_compiled_step_too() -> None:
    model, loss = nn.Linear(3, 3, rng=0), nn.CrossEntropyLoss(weight=[1.0, 2.0, 0.5])
    step = nn.jit_train_step(lambda x, y: loss(model(x), y), nn.SGD(model.parameters(), lr=0.1))
    changes = [
        lambda: None,
        lambda: setattr(loss, "reduction", "sum"),
        lambda: setattr(loss, "label_smoothing", 0.2),
        lambda: setattr(loss, "weight", np.array([3.0, 1.0, 1.0])),
        lambda: loss.weight.__setitem__(0, 9.0),
    ]
    found = []
    for change in changes:
        change()
        expected = nn.cross_entropy(model(ROWS), LABELS, loss.weight, -100, loss.reduction, loss.label_smoothing).item()
        assert loss(input=model(ROWS), target=LABELS).item() == pytest.approx(expected, rel=1e-12)
        found.append(step(ROWS, LABELS))
        assert found[-1] == pytest.approx(expected, rel=1e-12)
    assert len(set(found)) == len(changes)


@pytest.mark.torch
def test_the_weights_of_a_loss_are_numbers_of_the_model_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch")
    for name, given in (
        ("CrossEntropyLoss", {"weight": [1.0, 2.0]}),
        ("BCEWithLogitsLoss", {"weight": [1.0, 3.0], "pos_weight": [2.0, 1.0]}),
        ("MultiMarginLoss", {"weight": [2.0, 1.0]}),
        ("NLLLoss", {}),
    ):
        theirs = getattr(torch.nn, name)(**{key: torch.tensor(value) for key, value in given.items()})
        ours = getattr(nn, name)(**{key: np.ones(2) for key in given})
        ours.load_state_dict(theirs.state_dict())
        assert {key: array.tolist() for key, array in ours.state_dict().items()} == given
        assert all(array.dtype == "float32" for array in ours.float().buffers())
    with pytest.raises(MicrogradTypeError, match="weight is an array of numbers"):
        nn.CrossEntropyLoss(weight="balanced")


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.ReLU(inplace=True),
        lambda: nn.LeakyReLU(0.2, inplace=True),
        lambda: nn.Linear(3, 2, device="cpu"),
        lambda: nn.MaxPool2d(2, return_indices=True),
        lambda: nn.MSELoss(size_average=False),
        lambda: nn.Upsample(scale_factor=2, align_corners=False),
        lambda: nn.SGD([Value(1.0)], lr=0.1, foreach=True),
        lambda: nn.Adam([{"params": [Value(1.0)]}], fused=True),
        lambda: nn.StepLR(nn.SGD([Value(1.0)], lr=0.1), 3, last_epoch=4),
        lambda: nn.OneCycleLR(nn.SGD([Value(1.0)], lr=0.1), 0.1, 10, cycle_momentum=False),
        lambda: nn.CyclicLR(nn.SGD([Value(1.0)], lr=0.1), 0.1, 0.5, cycle_momentum=False),
    ],
)
def test_a_setting_of_pytorch_s_that_is_not_here_says_why(make: Any) -> None:
    with pytest.raises(MicrogradTypeError, match=r"has no setting '\w+', which PyTorch has: .+\. Leave it out\."):
        make()


def test_a_class_of_ones_own_may_have_such_a_setting() -> None:
    class Own(nn.Module):
        def __init__(self, device: str) -> None:
            self.device = device

    assert Own(device="here").device == "here"
    assert nn.Identity(**dict.fromkeys(LEFT_OUT)) is not None


def test_a_method_of_pytorch_s_says_what_stands_for_it() -> None:
    names = [name for name in vars(AbsentMethods) if name[0] != "_"]
    assert {"cuda", "add_module", "requires_grad_"} <= set(names)
    for name in names:
        with pytest.raises(MicrogradAttributeError, match=f"Linear has no '{name}'. Write .*model"):
            getattr(nn.Linear(2, 1, rng=0), name)


def test_a_buffer_that_is_not_persistent_is_no_part_of_the_state() -> None:
    module = nn.Module()
    module.register_buffer("seen", np.zeros(2))
    module.register_buffer("mask", np.ones(2), persistent=False)
    assert list(module.state_dict()) == ["seen"]
    assert [name for name, _ in module.named_buffers()] == ["seen", "mask"]
    module.load_state_dict({"seen": np.full(2, 3.0)})
    assert module.float().mask.dtype == "float32"
    with pytest.raises(MicrogradValueError, match="unexpected: mask"):
        module.load_state_dict({"seen": np.zeros(2), "mask": np.zeros(2)})


def test_gradients_become_zeros_if_that_is_said() -> None:
    layer = nn.Linear(2, 1, rng=0)
    layer(np.ones((1, 2))).sum().backward()
    layer.zero_grad(set_to_none=False)
    assert [p.grad.tolist() for p in layer.parameters()] == [[[0.0, 0.0]], [0.0]]
    layer.zero_grad()
    assert [p.grad for p in layer.parameters()] == [None, None]


def test_a_variance_is_never_divided_by_as_it_is() -> None:
    for make in (lambda: nn.BatchNorm1d(3, eps=0.0), lambda: nn.BatchNorm2d(3, eps=0)):
        with pytest.raises(MicrogradValueError, match="eps must be above 0"):
            make()


def test_one_slope_leaves_the_shape_as_it_is() -> None:
    for shape in ((), (1,), (3,), (2, 3)):
        x = Tensor(np.full(shape, -2.0), requires_grad=True)
        out = nn.PReLU()(x)
        out.sum().backward()
        assert out.shape == prelu(np.full(shape, -2.0), np.array([0.25])).shape == x.grad.shape == shape
        assert (out._data == -0.5).all()
        assert (x.grad == 0.25).all()


@pytest.mark.parametrize("make", [nn.Softmax, nn.LogSoftmax])
def test_probabilities_are_of_real_numbers_along_an_axis(make: Any) -> None:
    with pytest.raises(MicrogradTypeError, match="takes real numbers, but was given dtype int64"):
        make(dim=0)(np.array([1, 2], np.int64))
    with pytest.raises(MicrogradValueError, match=r"a single number, which has none. Write layer\(x.reshape\(1\)\)"):
        make(dim=0)(Tensor(2.0))
