"""Layers and losses against PyTorch's in float64: the same names, values, gradients, statistics and trained weights."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

np = pytest.importorskip("numpy")

from micrograd import nn  # noqa: E402
from micrograd.engine import MicrogradTypeError, MicrogradValueError, Tensor  # noqa: E402

pytestmark = pytest.mark.torch
RNG = np.random.default_rng(7)
ROWS, SEQUENCES = RNG.normal(size=(6, 5)), RNG.normal(size=(4, 6, 8))
SIGNALS, IMAGES = RNG.normal(size=(4, 3, 9)), RNG.normal(size=(4, 4, 6, 6))
WORDS = RNG.integers(0, 7, size=(4, 6))

SQUARES = RNG.normal(size=(2, 8, 6, 3))
LAYERS = {
    "Linear": (lambda n: n.Linear(5, 3), ROWS),
    "Linear without bias": (lambda n: n.Linear(5, 3, bias=False), ROWS),
    "Sequential": (lambda n: n.Sequential(n.Linear(5, 8), n.Tanh(), n.Linear(8, 2)), ROWS),
    "Flatten": (lambda n: n.Sequential(n.Flatten(), n.Linear(144, 2)), IMAGES),
    "BatchNorm1d": (lambda n: n.BatchNorm1d(5), ROWS),
    "BatchNorm1d of sequences": (lambda n: n.BatchNorm1d(3, momentum=None), SIGNALS),
    "BatchNorm1d untracked": (lambda n: n.BatchNorm1d(5, track_running_stats=False, affine=False), ROWS),
    "BatchNorm2d": (lambda n: n.BatchNorm2d(4, eps=1e-3, momentum=0.3), IMAGES),
    "LayerNorm": (lambda n: n.LayerNorm(8), SEQUENCES),
    "LayerNorm over two axes": (lambda n: n.LayerNorm((6, 8), elementwise_affine=False), SEQUENCES),
    "RMSNorm": (lambda n: n.RMSNorm(8), SEQUENCES),
    "GroupNorm": (lambda n: n.GroupNorm(2, 4), IMAGES),
    "Conv1d": (lambda n: n.Conv1d(3, 4, 3, stride=2, padding=1), SIGNALS),
    "Conv2d": (lambda n: n.Conv2d(4, 6, (3, 2), padding=(1, 0), dilation=2), IMAGES),
    "Conv2d in groups": (lambda n: n.Conv2d(4, 6, 3, groups=2, bias=False), IMAGES),
    "Conv2d same": (lambda n: n.Conv2d(4, 2, 3, padding="same"), IMAGES),
    "ConvTranspose2d": (lambda n: n.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1), IMAGES),
    "Conv1d reflected": (lambda n: n.Conv1d(3, 4, 3, padding=2, padding_mode="reflect"), SIGNALS),
    "Conv1d in circles": (lambda n: n.Conv1d(3, 6, 4, 2, 3, 2, 3, False, "circular"), SIGNALS),
    "Conv2d replicated": (lambda n: n.Conv2d(4, 2, (3, 2), padding=(1, 2), padding_mode="replicate"), IMAGES),
    "Conv2d same in circles": (
        lambda n: n.Conv2d(4, 2, (4, 2), padding="same", dilation=(1, 2), padding_mode="circular"),
        IMAGES,
    ),
    "ConvTranspose1d": (lambda n: n.ConvTranspose1d(3, 6, 3, 2, 1, 1, groups=3, dilation=2), SIGNALS),
    "ConvTranspose2d in groups": (lambda n: n.ConvTranspose2d(4, 2, (2, 3), (2, 3), 0, (1, 2), 2, False, 2), IMAGES),
    "GELU by tanh": (lambda n: n.Sequential(n.Linear(5, 6), n.GELU("tanh")), ROWS),
    "LayerNorm without bias": (lambda n: n.LayerNorm(8, bias=False), SEQUENCES),
    "Unflatten": (lambda n: n.Sequential(n.Linear(5, 12), n.Unflatten(-1, (2, -1, 3))), ROWS),
    "MaxPool1d to the end": (lambda n: n.MaxPool1d(2, 3, 1, 2, ceil_mode=True), SIGNALS),
    "MaxPool2d dilated": (lambda n: n.MaxPool2d((2, 3), 2, dilation=2, ceil_mode=True), IMAGES),
    "AvgPool1d to the end": (lambda n: n.AvgPool1d(4, 3, 2, True, False), SIGNALS),
    "AvgPool2d of the inside": (lambda n: n.AvgPool2d(3, 2, 1, count_include_pad=False), IMAGES),
    "AvgPool2d by five": (lambda n: n.AvgPool2d(3, 2, 1, True, True, divisor_override=5), IMAGES),
    "AdaptiveAvgPool1d": (lambda n: n.AdaptiveAvgPool1d(4), SIGNALS),
    "MaxPool1d": (lambda n: n.MaxPool1d(3, 2), SIGNALS),
    "MaxPool2d": (lambda n: n.MaxPool2d(2, padding=1), IMAGES),
    "AvgPool1d": (lambda n: n.AvgPool1d(3), SIGNALS),
    "AvgPool2d": (lambda n: n.AvgPool2d(3, 2, 1), IMAGES),
    "AdaptiveAvgPool2d": (lambda n: n.AdaptiveAvgPool2d(4), IMAGES),
    "Upsample": (lambda n: n.Upsample(scale_factor=2), IMAGES),
    "Upsample by a part": (lambda n: n.Upsample(scale_factor=(1.7, 0.6)), IMAGES),
    "Upsample to a size": (lambda n: n.Upsample((9, 4)), IMAGES),
    "Upsample of a sequence": (lambda n: n.Upsample(scale_factor=2.5), SEQUENCES),
    "PixelShuffle": (lambda n: n.PixelShuffle(2), SQUARES),
    "PixelUnshuffle": (lambda n: n.PixelUnshuffle(3), SQUARES),
    "ZeroPad2d": (lambda n: n.ZeroPad2d(2), IMAGES),
    "ZeroPad2d of four widths": (lambda n: n.ZeroPad2d((1, 0, 2, 3)), IMAGES),
    "RNNCell": (lambda n: n.RNNCell(5, 4), ROWS),
    "RNNCell with relu": (lambda n: n.RNNCell(5, 4, nonlinearity="relu", bias=False), ROWS),
    "LSTMCell": (lambda n: n.LSTMCell(5, 4), ROWS),
    "GRUCell": (lambda n: n.GRUCell(5, 4), ROWS),
    "PReLU": (lambda n: n.PReLU(5), ROWS),
    **{
        name: (lambda n, name=name: n.Sequential(n.Linear(5, 6), getattr(n, name)(), n.Linear(6, 2)), ROWS)
        for name in (
            *("CELU", "ELU", "GELU", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid", "Mish"),
            *("ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softsign", "Tanh"),
        )
    },
    "GLU": (lambda n: n.Sequential(n.Linear(5, 6), n.GLU()), ROWS),
    "Softmax": (lambda n: n.Sequential(n.Linear(5, 6), n.Softmax(dim=-1)), ROWS),
    "LogSoftmax": (lambda n: n.Sequential(n.Linear(5, 6), n.LogSoftmax(dim=1)), ROWS),
}


def pair(make: Any) -> tuple[Any, Any, Any]:
    """PyTorch's layer in float64, ours with its numbers, and PyTorch."""
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    theirs, ours = make(torch.nn).double(), make(nn)
    state = {name: tensor.numpy() for name, tensor in theirs.state_dict().items()}
    ours.load_state_dict(state)
    return ours, theirs, torch


def first(out: Any) -> Any:
    """A cell's hidden state, or the output itself."""
    return out[0] if isinstance(out, tuple) else out


def close(found: Any, expected: Any, what: str, rtol: float = 1e-10) -> None:
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol / 100, err_msg=what)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_is_pytorch_s(name: str) -> None:
    make, numbers = LAYERS[name]
    ours, theirs, torch = pair(make)
    x, x_theirs = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
    out, out_theirs = first(ours(x)), first(theirs(x_theirs))
    close(out._data, out_theirs.detach().numpy(), "values")
    weights = np.random.default_rng(1).normal(size=out.shape)
    (out * weights).sum().backward()
    (out_theirs * torch.tensor(weights)).sum().backward()
    close(x.grad, x_theirs.grad.numpy(), "gradient of the input")
    grads = {name: p.grad for name, p in theirs.named_parameters()}
    assert [name for name, _ in ours.named_parameters()] == list(grads)
    for name, parameter in ours.named_parameters():
        close(parameter.grad, grads[name].numpy(), f"gradient of {name}")


@pytest.mark.parametrize("name", [name for name in LAYERS if "Pool" not in name and "untracked" not in name])
def test_training_keeps_step_and_so_do_the_running_statistics(name: str) -> None:
    make, numbers = LAYERS[name]
    ours, theirs, torch = pair(make)
    if not ours.parameters():
        return
    optimizer = nn.SGD(ours.parameters(), lr=0.05, momentum=0.9)
    their_optimizer = torch.optim.SGD(theirs.parameters(), lr=0.05, momentum=0.9)
    for step in range(5):
        batch = numbers + 0.1 * step
        for model, mover, given in ((ours, optimizer, Tensor(batch)), (theirs, their_optimizer, torch.tensor(batch))):
            mover.zero_grad()
            out = first(model(given))
            (out * out).mean().backward()
            mover.step()
    expected = {name: tensor.numpy() for name, tensor in theirs.state_dict().items()}
    found = ours.state_dict()
    assert list(found) == [*[n for n, _ in theirs.named_parameters()], *[n for n, _ in theirs.named_buffers()]]
    for name, array in expected.items():
        close(found[name], array, name)
    ours.eval(), theirs.eval()
    close(first(ours(Tensor(numbers)))._data, first(theirs(torch.tensor(numbers))).detach().numpy(), "evaluation")


def test_hardsigmoid_is_pytorch_s_but_for_its_sixth_which_is_rounded_to_single_precision() -> None:
    ours, theirs, torch = pair(lambda n: n.Hardsigmoid())
    close(ours(Tensor(ROWS))._data, theirs(torch.tensor(ROWS)).numpy(), "values", rtol=1e-7)


def test_embedding_is_pytorch_s() -> None:
    ours, theirs, torch = pair(lambda n: n.Embedding(7, 3, padding_idx=2))
    out, out_theirs = ours(WORDS), theirs(torch.tensor(WORDS))
    close(out._data, out_theirs.detach().numpy(), "values")
    (out * out).sum().backward()
    (out_theirs * out_theirs).sum().backward()
    close(ours.weight.grad, theirs.weight.grad.numpy(), "gradient")


@pytest.mark.parametrize("norm_type", [2.0, 1.0, np.inf])
def test_an_embedding_shortens_its_rows_as_pytorch_s(norm_type: float) -> None:
    ours, theirs, torch = pair(lambda n: n.Embedding(7, 3, max_norm=1.0, norm_type=norm_type))
    words = WORDS[:2]
    out, out_theirs = ours(words), theirs(torch.tensor(words))
    close(out._data, out_theirs.detach().numpy(), "values")
    (out * out).sum().backward()
    (out_theirs * out_theirs).sum().backward()
    close(ours.weight.grad, theirs.weight.grad.numpy(), "gradient")
    close(ours.weight.data, theirs.weight.detach().numpy(), "table")


@pytest.mark.parametrize("is_causal", [False, True])
def test_attention_is_pytorch_s(is_causal: bool) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=True).double()
    ours = nn.MultiHeadAttention(8, 2)
    ours.load_state_dict({name: tensor.numpy() for name, tensor in theirs.state_dict().items()})
    x, x_theirs = Tensor(SEQUENCES, requires_grad=True), torch.tensor(SEQUENCES, requires_grad=True)
    mask = torch.nn.Transformer.generate_square_subsequent_mask(6).double() if is_causal else None
    out = ours(x, is_causal=is_causal)
    out_theirs, _ = theirs(x_theirs, x_theirs, x_theirs, attn_mask=mask, is_causal=is_causal, need_weights=False)
    close(out._data, out_theirs.detach().numpy(), "values")
    (out * out).sum().backward()
    (out_theirs * out_theirs).sum().backward()
    close(x.grad, x_theirs.grad.numpy(), "gradient of the input")
    for (name, p), (_, q) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        close(p.grad, q.grad.numpy(), name)


IS_PADDING = np.arange(6) >= np.array([[6], [4], [5], [2]])
IS_FAR = np.abs(np.arange(6)[:, None] - np.arange(6)) > 2
MASKS = {
    "padding": {"key_padding_mask": IS_PADDING},
    "places": {"attn_mask": IS_FAR},
    "numbers": {"attn_mask": RNG.normal(size=(6, 6))},
    "places and padding": {"attn_mask": IS_FAR, "key_padding_mask": np.arange(6) >= np.array([[6], [6], [5], [5]])},
    "numbers and padding": {
        "attn_mask": RNG.normal(size=(6, 6)),
        "key_padding_mask": np.where(IS_PADDING, -np.inf, 0.0),
    },
    "heads": {"attn_mask": RNG.normal(size=(8, 6, 6)) > 1.0},
}


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("average", [True, False])
@pytest.mark.parametrize("name", MASKS)
def test_masks_mean_what_they_mean_to_pytorch_s(name: str, average: bool, batch_first: bool) -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=batch_first).double()
    ours = nn.MultiHeadAttention(8, 2, batch_first=batch_first)
    ours.load_state_dict({name: tensor.numpy() for name, tensor in theirs.state_dict().items()})
    numbers = SEQUENCES if batch_first else SEQUENCES.swapaxes(0, 1).copy()
    x, y = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
    settings = {"need_weights": True, "average_attn_weights": average}
    out, weights = ours(x, x, 2.0 * x, **MASKS[name], **settings)
    masks = {name: torch.tensor(mask) for name, mask in MASKS[name].items()}
    their_out, their_weights = theirs(y, y, 2.0 * y, **masks, **settings)
    close(out._data, their_out.detach().numpy(), "values")
    close(weights._data, their_weights.detach().numpy(), "weights")
    close(ours(x, x, 2.0 * x, **MASKS[name])._data, out._data, "without weights")
    ((out * out).sum() + (weights * weights).sum()).backward()
    ((their_out * their_out).sum() + (their_weights * their_weights).sum()).backward()
    close(x.grad, y.grad.numpy(), "gradient of the input")


@pytest.mark.parametrize("kind", ["Linear", "Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "MaxPool1d",
    "MaxPool2d", "AvgPool1d", "AvgPool2d", "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "BatchNorm1d", "BatchNorm2d",
    "LayerNorm", "RMSNorm", "GroupNorm", "Embedding", "Dropout", "Dropout1d", "Dropout2d", "RNNCell", "LSTMCell",
    "GRUCell", "Flatten", "Unflatten", "Upsample", "PixelShuffle", "PixelUnshuffle", "ZeroPad2d",
    "GELU", "PReLU", "ELU", "CELU", "LeakyReLU", "Softplus", "Hardtanh", "GLU",
    *(f"{name}Loss" for name in ("CrossEntropy", "NLL", "BCEWithLogits", "MSE", "L1", "SmoothL1", "Huber",
    "MultiMargin", "KLDiv", "CosineEmbedding", "TripletMargin", "MarginRanking", "GaussianNLL", "PoissonNLL",
    "MultiLabelSoftMargin"))])  # fmt: skip
def test_the_settings_come_in_pytorch_s_order_with_its_defaults(kind: str) -> None:
    torch = pytest.importorskip("torch")
    without_effect = {
        "device",
        "dtype",
        "inplace",
        "size_average",
        "reduce",
        "min_value",
        "max_value",
        "args",
        "kwargs",
    }
    not_here = {
        "align_corners",
        "recompute_scale_factor",
        "return_indices",
        "scale_grad_by_freq",
        "sparse",
        "_weight",
        "_freeze",
    }
    theirs = inspect.signature(getattr(torch.nn, kind).__init__).parameters.values()
    ours = inspect.signature(getattr(nn, kind).__init__).parameters.values()
    wanted = [(p.name, p.default) for p in theirs if p.name not in without_effect | not_here]
    if "Transpose" in kind:
        wanted = [pair for pair in wanted if pair[0] != "padding_mode"]  # zeros alone, there too
    assert [(p.name, p.default) for p in ours if p.name not in ("dtype", "rng")] == wanted


@pytest.mark.parametrize("kind", ["Dropout", "Dropout1d", "Dropout2d"])
def test_dropout_drops_the_same_share_of_the_same_things_as_pytorch_s(kind: str) -> None:
    torch = pytest.importorskip("torch")
    shape = (200, 50, *(3,) * (0 if kind == "Dropout" else int(kind[-2])))
    ours, theirs = getattr(nn, kind)(0.3, rng=0), getattr(torch.nn, kind)(0.3)
    x = Tensor(np.ones(shape), requires_grad=True)
    out, expected = ours(x), theirs(torch.ones(shape)).numpy()
    channels = out._data.reshape(200, 50, -1)
    np.testing.assert_allclose(np.unique(out._data), np.unique(expected), rtol=1e-6)
    assert (channels == channels[..., :1]).all()
    assert (out._data == 0.0).mean() == pytest.approx((expected == 0.0).mean(), abs=0.02)
    out.sum().backward()
    assert (x.grad == out._data).all()
    assert ours.eval()(x) is x
    assert (getattr(nn, kind)(1.0, rng=0)(x)._data == getattr(torch.nn, kind)(1.0)(torch.ones(shape)).numpy()).all()


def test_a_transformer_block_is_pytorch_s() -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.TransformerEncoderLayer(8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True).double()
    names = {"attention": "self_attn", "mlp.0": "linear1", "mlp.2": "linear2", "norm1": "norm1", "norm2": "norm2"}
    state = theirs.state_dict()
    ours = nn.TransformerBlock(8, 2, is_causal=False)
    renamed = {}
    for name in ours.state_dict():
        prefix = next(prefix for prefix in names if name.startswith(prefix))
        renamed[name] = state[names[prefix] + name[len(prefix) :]].numpy()
    ours.load_state_dict(renamed)
    close(ours(Tensor(SEQUENCES))._data, theirs(torch.tensor(SEQUENCES)).detach().numpy(), "values")


LOGITS, LABELS = RNG.normal(size=(6, 4)), np.array([0, 3, 1, -100, 2, 2])
SIGNS, TARGETS = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0]), RNG.normal(size=(6, 4))
WEIGHTS = np.array([1.0, 2.0, 0.5, 3.0])


def torch_array(array: Any) -> Any:
    """The same for PyTorch."""
    return pytest.importorskip("torch").tensor(array)


LOSSES = {
    "CrossEntropyLoss": (lambda n: n.CrossEntropyLoss(label_smoothing=0.1), [LOGITS], [LABELS]),
    "CrossEntropyLoss, sum": (lambda n: n.CrossEntropyLoss(reduction="sum"), [LOGITS], [LABELS]),
    "NLLLoss": (lambda n: n.NLLLoss(), [LOGITS], [LABELS]),
    "BCEWithLogitsLoss": (lambda n: n.BCEWithLogitsLoss(), [LOGITS], [(TARGETS > 0).astype(float)]),
    "MSELoss": (lambda n: n.MSELoss(), [LOGITS], [TARGETS]),
    "L1Loss": (lambda n: n.L1Loss(reduction="sum"), [LOGITS], [TARGETS]),
    "SmoothL1Loss": (lambda n: n.SmoothL1Loss(beta=0.5), [LOGITS], [TARGETS]),
    "HuberLoss": (lambda n: n.HuberLoss(delta=0.5), [LOGITS], [TARGETS]),
    "MultiMarginLoss": (lambda n: n.MultiMarginLoss(p=2), [LOGITS], [np.maximum(LABELS, 0)]),
    "KLDivLoss": (lambda n: n.KLDivLoss(reduction="batchmean"), [LOGITS], [np.abs(TARGETS)]),
    "CosineEmbeddingLoss": (lambda n: n.CosineEmbeddingLoss(margin=0.1), [LOGITS, TARGETS], [SIGNS]),
    "CosineEmbeddingLoss of short vectors": (lambda n: n.CosineEmbeddingLoss(), [LOGITS * 1e-2, TARGETS], [SIGNS]),
    "CosineEmbeddingLoss at right angles": (
        lambda n: n.CosineEmbeddingLoss(),
        [np.array([[1.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 2.0], [3.0, 1.0]])],
        [np.array([-1.0, -1.0])],
    ),
    "CrossEntropyLoss of no label that counts": (lambda n: n.CrossEntropyLoss(), [LOGITS], [0 * LABELS - 100]),
    "CrossEntropyLoss of none, weighted": (
        lambda n: n.CrossEntropyLoss(WEIGHTS if n is nn else torch_array(WEIGHTS)),
        [LOGITS],
        [0 * LABELS - 100],
    ),
    "CrossEntropyLoss of probabilities": (
        lambda n: n.CrossEntropyLoss(label_smoothing=0.1),
        [LOGITS],
        [np.abs(TARGETS) / np.abs(TARGETS).sum(axis=1, keepdims=True)],
    ),
    "TripletMarginLoss, swapped": (lambda n: n.TripletMarginLoss(0.5, 3.0, swap=True), [LOGITS, TARGETS, -TARGETS], []),
    "MarginRankingLoss": (
        lambda n: n.MarginRankingLoss(0.3),
        [LOGITS[:, 0], TARGETS[:, 0]],
        [SIGNS],
    ),
    "MarginRankingLoss of equal scores": (lambda n: n.MarginRankingLoss(), [SIGNS, SIGNS], [SIGNS]),
    "GaussianNLLLoss": (lambda n: n.GaussianNLLLoss(full=True), [LOGITS, TARGETS, LOGITS**2], []),
    "PoissonNLLLoss": (lambda n: n.PoissonNLLLoss(full=True), [LOGITS], [np.floor(5.0 * TARGETS**2)]),
    "MultiLabelSoftMarginLoss": (
        lambda n: n.MultiLabelSoftMarginLoss(WEIGHTS if n is nn else torch_array(WEIGHTS)),
        [LOGITS],
        [(TARGETS > 0).astype(float)],
    ),
    "MultiLabelMarginLoss": (
        lambda n: n.MultiLabelMarginLoss(),
        [LOGITS],
        [np.array([[3, 0, -1, 1], [-1, 0, 1, 2], [2, 2, -1, -1], [0, 1, 2, 3], [1, -1, -1, -1], [3, 2, 1, -1]])],
    ),
    "MultiLabelMarginLoss, sum": (
        lambda n: n.MultiLabelMarginLoss(reduction="sum"),
        [LOGITS[0]],
        [np.array([1, 2, -1, 0])],
    ),
    "HingeEmbeddingLoss": (lambda n: n.HingeEmbeddingLoss(0.7), [np.abs(LOGITS[:, 0])], [SIGNS]),
    "HingeEmbeddingLoss at the margin": (lambda n: n.HingeEmbeddingLoss(reduction="sum"), [SIGNS**2], [SIGNS]),
    "SoftMarginLoss": (lambda n: n.SoftMarginLoss(), [LOGITS * 10.0], [np.sign(TARGETS)]),
    "TripletMarginLoss": (lambda n: n.TripletMarginLoss(), [LOGITS, TARGETS, LOGITS * TARGETS], []),
}


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
        lambda: nn.Upsample(),
        lambda: nn.Upsample(2, 2),
        lambda: nn.Upsample((4, 4))(SEQUENCES),
        lambda: nn.Upsample(4)(ROWS),
        lambda: nn.Upsample(4)(np.ones((1, 2, 0))),
        lambda: nn.Upsample(scale_factor=0.1)(SEQUENCES),
        lambda: nn.PixelShuffle(3)(SQUARES),
        lambda: nn.PixelUnshuffle(2)(SQUARES),
        lambda: nn.ZeroPad2d((1, 2)),
        lambda: nn.ZeroPad2d(-1),
        lambda: nn.ZeroPad2d(1)(np.ones(3)),
        lambda: nn.margin_ranking_loss(np.ones(2), np.ones(2), np.array([0, 1])),
        lambda: nn.margin_ranking_loss(np.ones(2), np.ones((2, 1)), np.ones(2)),
        lambda: nn.hinge_embedding_loss(np.ones(2), np.array([0, 1])),
        lambda: nn.soft_margin_loss(np.ones((2, 1)), np.ones(2)),
        lambda: nn.soft_margin_loss(np.ones(2), np.array([0.5, 1.0])),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any) -> None:
    with pytest.raises(MicrogradValueError):
        make()


def test_an_image_of_any_size_takes_from_the_places_that_pytorch_s_takes_from() -> None:
    torch = pytest.importorskip("torch")
    for length in range(1, 30):
        image = np.arange(float(length)).reshape(1, 1, length, 1)
        settings = [{"scale_factor": (factor, 1)} for factor in (1.1, 1.3, 1.7, 2, 2.7, 7.1)]
        for given in (*settings, *({"size": (size, 1)} for size in range(1, 50))):
            expected = torch.nn.Upsample(**given)(torch.tensor(image)).numpy()
            np.testing.assert_array_equal(nn.Upsample(**given)(image), expected, err_msg=f"{length} by {given}")


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_pytorch_s(name: str) -> None:
    torch = pytest.importorskip("torch")
    make, learned, given = LOSSES[name]
    ours, theirs = (
        [Tensor(x, requires_grad=True) for x in learned],
        [torch.tensor(x, requires_grad=True) for x in learned],
    )
    loss, their_loss = make(nn)(*ours, *given), make(torch.nn)(*theirs, *map(torch.tensor, given))
    close(loss.item(), their_loss.item(), "value")
    loss.backward()
    their_loss.backward()
    for x, y in zip(ours, theirs, strict=True):
        close(x.grad, y.grad.numpy(), "gradient")


@pytest.mark.parametrize(
    "name",
    [name for name in LOSSES if name.startswith(("Margin", "HingeE", "SoftM")) or name == "CosineEmbeddingLoss"],
)
def test_a_target_of_signs_may_be_an_argument_of_a_compiled_step(name: str) -> None:
    make, learned, (signs,) = LOSSES[name]
    loss, compared = make(nn), [Tensor(array, requires_grad=True) for array in learned]
    step = nn.jit_train_step(lambda target: loss(*compared, target), nn.SGD(compared, lr=0.1))
    for target in (signs, -signs):
        expected = loss(*compared, target).item()
        assert step(target) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(MicrogradValueError, match=r"was given shape \(2,\)"):
        step(np.ones(2))


def test_lists_of_labels_may_be_an_argument_of_a_compiled_step() -> None:
    make, (logits,), (labels,) = LOSSES["MultiLabelMarginLoss"]
    loss, x = make(nn), Tensor(logits, requires_grad=True)
    step = nn.jit_train_step(lambda target: loss(x, target), nn.SGD([x], lr=0.1))
    for target in (labels, labels[::-1].copy()):
        expected = loss(x, target).item()
        assert step(target) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(MicrogradValueError, match="index 4 is out of range"):
        step(labels + 1)


@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"])
def test_weights_spread_as_pytorch_s_do(name: str) -> None:
    torch = pytest.importorskip("torch")
    from micrograd.nn import init

    theirs = torch.empty(300, 40, 3, dtype=torch.float64)
    getattr(torch.nn.init, f"{name}_")(theirs)
    ours = getattr(init, name)((300, 40, 3), rng=0)
    assert ours.std() == pytest.approx(theirs.std().item(), rel=0.02)
    assert abs(ours).max() == pytest.approx(theirs.abs().max().item(), rel=0.01 if "uniform" in name else 0.3)


def test_a_state_in_bfloat16_is_taken_over() -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = torch.nn.Linear(3, 2).bfloat16(), nn.Linear(3, 2)
    ours.load_state_dict(theirs.state_dict())
    np.testing.assert_array_equal(ours.weight.data, theirs.weight.detach().double().numpy())


def tied(n: Any) -> Any:
    """An encoder that is used twice, and a head that shares a weight with it."""
    model = n.Sequential(n.Linear(3, 3), n.Tanh(), n.Linear(3, 3))
    model[2].weight = model[0].weight
    return n.Sequential(model, n.Linear(3, 3), model)


def test_shared_weights_are_taken_over_from_all_their_names() -> None:
    torch = pytest.importorskip("torch")
    theirs, ours, x = tied(torch.nn).double(), tied(nn), RNG.normal(size=(4, 3))
    state = theirs.state_dict()
    ours.load_state_dict(state)
    close(ours(Tensor(x))._data, theirs(torch.tensor(x)).detach().numpy(), "values")
    ours.load_state_dict({name: array for name, array in state.items() if name[0] != "0"})  # by the others alone
    with pytest.raises(MicrogradValueError, match=r"unexpected: 2\.2\.weight"):
        ours.load_state_dict({**state, "2.2.weight": state["1.weight"]})


@pytest.mark.parametrize(
    "use",
    [
        lambda x: nn.Linear(3, 2)(x),
        lambda x: nn.LayerNorm(3)(x),
        lambda x: nn.Embedding(3, 2)(x.long()),
    ],
)
def test_a_tensor_of_pytorch_s_says_what_to_write(use: Any) -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(MicrogradTypeError, match=r"x\.numpy\(\)|np\.asarray\(\.\.\.\)"):
        use(torch.ones(2, 3))


def test_labels_of_pytorch_s_are_labels() -> None:
    torch = pytest.importorskip("torch")
    labels = np.array([0, 2])
    assert nn.cross_entropy(LOGITS[:2], torch.tensor(labels)) == nn.cross_entropy(LOGITS[:2], labels)
