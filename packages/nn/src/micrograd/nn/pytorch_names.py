"""What stands here for what `torch.nn` and `torch.optim` have and this package hasn't: for the message of an error.

A setting that PyTorch has and that changes no number, such as `inplace`, is refused rather than passed over: so a
setting that is taken always does what it says.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from micrograd.engine.arrays.absent_names import Absent
from micrograd.engine.errors import MicrogradTypeError

_SIDES = "micrograd.engine.pad, a function: pad(x, ((0, 0), (0, 0), (1, 1))"
_ALL_SIDES = f"{_SIDES[:-1]}, (1, 1))"

INSTEAD = {
    "ASGD": "SGD(...), and WeightAverage(...) for the mean of its weights",
    "AdaptiveMaxPool1d": "x.max(axis=2) for one number a channel",
    "AdaptiveMaxPool2d": "x.max(axis=(2, 3)) for one number a channel",
    "AlphaDropout": "Dropout(p)",
    "BCELoss": "BCEWithLogitsLoss(), which takes logits, before the sigmoid",
    "Bilinear": 'micrograd.engine.einsum("bi,oij,bj->bo", x1, weight, x2)',
    "Buffer": "self.register_buffer(name, array)",
    "CircularPad1d": f'{_SIDES}, mode="wrap")',
    "CircularPad2d": f'{_ALL_SIDES}, mode="wrap")',
    "ConstantPad1d": f"{_SIDES}, constant_values=0.5)",
    "ConstantPad2d": f"{_ALL_SIDES}, constant_values=0.5)",
    "CosineSimilarity": "micrograd.engine.cosine_similarity, a function",
    "DataLoader": "data.batches(32, seed=0) of a data set, or fit(..., batch_size=32)",
    "EmbeddingBag": "Embedding(...)(x).mean(axis=1)",
    "Fold": "micrograd.engine.fold, a function",
    "GRU": "GRUCell(...) in a loop over the steps",
    "Hardshrink": "micrograd.engine.hardshrink, a function: Sequential takes functions too",
    "InstanceNorm1d": "GroupNorm(channels, channels, affine=False), a group for each channel",
    "InstanceNorm2d": "GroupNorm(channels, channels, affine=False), a group for each channel",
    "LBFGS": "scipy.optimize.minimize with micrograd.engine.value_and_grad, or Rprop(...) on all samples at once",
    "LSTM": "LSTMCell(...) in a loop over the steps",
    "LazyLinear": "Linear(in_features, out_features)",
    "ModuleDict": "a dict of modules as an attribute, self.parts = {...}",
    "MultiheadAttention": "MultiHeadAttention(...)",
    "PairwiseDistance": "micrograd.engine.pairwise_distance, a function",
    "Parameter": "micrograd.engine.Tensor(data, requires_grad=True)",
    "ParameterDict": "a dict of Tensors as an attribute, self.weights = {...}",
    "ParameterList": "a list of Tensors as an attribute, self.weights = [...]",
    "RNN": "RNNCell(...) in a loop over the steps",
    "ReflectionPad1d": f'{_SIDES}, mode="reflect")',
    "ReflectionPad2d": f'{_ALL_SIDES}, mode="reflect")',
    "ReplicationPad1d": f'{_SIDES}, mode="edge")',
    "ReplicationPad2d": f'{_ALL_SIDES}, mode="edge")',
    "Softmax2d": "Softmax(dim=1)",
    "Softmin": "micrograd.engine.softmin, a function: Sequential takes functions too",
    "Softshrink": "micrograd.engine.softshrink, a function: Sequential takes functions too",
    "Tanhshrink": "micrograd.engine.tanhshrink, a function: Sequential takes functions too",
    "Threshold": "micrograd.engine.threshold, a function",
    "TransformerEncoder": "Sequential(*(TransformerBlock(..., is_causal=False) for _ in range(layers)))",
    "TransformerEncoderLayer": "TransformerBlock(..., is_causal=False)",
    "TripletMarginWithDistanceLoss": "relu(distance(anchor, positive) - distance(anchor, negative) + margin).mean()",
    "Unfold": "micrograd.engine.unfold, a function",
    "UpsamplingNearest2d": "Upsample(...)",
    "clip_grad_norm_": "clip_grad_norm(...)",
    "clip_grad_value_": "clip_grad_value(...)",
    "functional": "micrograd.engine, which has relu, softmax and the others, and micrograd.nn, which has the losses",
    "utils": "clip_grad_norm(...) and clip_grad_value(...)",
}
"""By PyTorch's name, what to write."""

_SPEED = "it changes how fast PyTorch is, not what it computes"
_LEGACY = 'write reduction="mean", "sum" or "none"'
_NEAREST = "each place takes the number of the nearest one, and none is computed between them"
_MOMENTUM = "a schedule sets the rate alone"

LEFT_OUT = {
    "align_corners": _NEAREST,
    "base_momentum": _MOMENTUM,
    "capturable": _SPEED,
    "cycle_momentum": _MOMENTUM,
    "device": "everything is computed by NumPy, on the CPU",
    "differentiable": _SPEED,
    "foreach": _SPEED,
    "fused": _SPEED,
    "inplace": "nothing is ever written over here",
    "last_epoch": "to go on with a schedule, write schedule.load_state_dict(state)",
    "max_momentum": _MOMENTUM,
    "recompute_scale_factor": _NEAREST,
    "reduce": _LEGACY,
    "return_indices": "a pool returns the numbers alone",
    "size_average": _LEGACY,
    "sparse": "gradients are arrays here",
}
"""By PyTorch's setting, why it isn't here."""


def refuse_settings(kind: type, given: Iterable[str]) -> None:
    """Say of a setting that PyTorch has, and `kind` hasn't, why it isn't here.

    Args:
        kind: A class that is about to be instantiated.
        given: The names of the settings that it was given.

    Raises:
        MicrogradTypeError: If there is such a setting among them.

    Example:
        >>> class Shrink:
        ...     def __init__(self, p=0.5):
        ...         self.p = p
        >>> refuse_settings(Shrink, ["p", "inplace"])
        Traceback (most recent call last):
            ...
        micrograd.engine.errors.MicrogradTypeError: Shrink has no setting 'inplace', which PyTorch has: nothing is \
ever written over here. Leave it out.
    """
    for name in sorted(LEFT_OUT.keys() & set(given)):
        if not _takes(kind, name):
            raise MicrogradTypeError(
                f"{kind.__name__} has no setting {name!r}, which PyTorch has: {LEFT_OUT[name]}. Leave it out."
            )


def _takes(kind: type, name: str) -> bool:
    if "__init__" not in {attribute for base in kind.__mro__[:-1] for attribute in vars(base)}:
        return False
    settings = inspect.signature(kind.__init__).parameters  # type: ignore[misc]
    return name in settings or any(setting.kind is setting.VAR_KEYWORD for setting in settings.values())


class AbsentMethods:
    """What a module has in PyTorch, and under another name here.

    Example:
        >>> from micrograd.nn import Module
        >>> hasattr(Module(), "cuda")
        False
    """

    _ON_THE_CPU = "everything is computed by NumPy, on the CPU"

    add_module = Absent("setattr(model, name, module)")
    bfloat16 = Absent("model.float()", "arithmetic on 16 bits is slow on a CPU")
    compile = Absent("fit(model, ..., jit=True) or jit_train_step(...)")
    cpu = Absent("model", _ON_THE_CPU)
    cuda = Absent("model", _ON_THE_CPU)
    get_buffer = Absent("dict(model.named_buffers())[path]")
    get_parameter = Absent("dict(model.named_parameters())[path]")
    get_submodule = Absent("dict(model.named_modules())[path]")
    half = Absent("model.float()", "arithmetic on 16 bits is slow on a CPU")
    register_forward_hook = Absent("Looking(model), a module whose forward() looks at what the model returns")
    register_forward_pre_hook = Absent("Looking(model), a module whose forward() looks at what the model is given")
    register_module = Absent("setattr(model, name, module)")
    register_parameter = Absent("setattr(model, name, Tensor(data, requires_grad=True))")
    requires_grad_ = Absent("model.freeze() or model.unfreeze()")
    type = Absent("model.to(dtype)")
