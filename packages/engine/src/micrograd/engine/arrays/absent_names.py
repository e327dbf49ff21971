"""Names that PyTorch's or NumPy's users reach for and that aren't here: what to write instead.

There is one way to do a thing, under NumPy's name, so that PyTorch's other names are no aliases: an `AttributeError`
gives the corrected code. Each name is a descriptor, so that what is there is found as fast as without them; a
`__getattr__` would slow down every look at an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from micrograd.engine.errors import MicrogradAttributeError


class Absent:
    """A name that isn't there.

    Attributes:
        code: What to write instead, for two Tensors t and u of shape (3, 3).
        because: Why, if the code doesn't say so by itself.
        name: The name.
    """

    __slots__ = ("because", "code", "name")

    def __init__(self, code: str, because: str = "") -> None:
        self.code, self.because, self.name = code, because, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        raise self.error(owner.__name__)

    def error(self, owner: str) -> MicrogradAttributeError:
        """The error for whoever was asked for the name."""
        shape = " (for a t of shape (3, 3))" if re.search(r"\b[1-9]\b", self.code) else ""
        why = f": {self.because}" if self.because else ""
        return MicrogradAttributeError(f"{owner} has no {self.name!r}. Write {self.code}{shape}{why}.", name=self.name)


class AbsentNames:
    """What an array has elsewhere, under another name here.

    Example:
        >>> from micrograd.engine import Tensor
        >>> hasattr(Tensor([1.0]), "view")
        False
    """

    __slots__ = ()

    # ---- PyTorch's names for what NumPy calls otherwise ------------------------------------------------------

    bmm = Absent("t @ u")
    broadcast_tensors = Absent("broadcast_to(t, (3, 3))")
    cat = Absent("concatenate([t, u], axis=0)")
    concat = Absent("concatenate([t, u], axis=0)")
    dim = Absent("t.ndim")
    expand_as = Absent("broadcast_to(t, u.shape)")
    fix = Absent("t.trunc()")
    ger = Absent("outer(t[0], u[0])")
    grad_fn = Absent("t.op")
    index_add = Absent("t.index_put([0, 2], u[:2], accumulate=True)")
    index_copy = Absent("t.index_put([0, 2], u[:2])")
    is_leaf = Absent("t.op is None")
    mm = Absent("t @ u")
    movedim = Absent("t.moveaxis(0, 1)")
    mv = Absent("t @ u[0]")
    narrow = Absent("t[:, 1:3]")
    ndimension = Absent("t.ndim")
    nelement = Absent("t.size")
    numel = Absent("t.size")
    repeat_interleave = Absent("t.repeat(2)")
    reshape_as = Absent("t.reshape(u.shape)")
    swapdims = Absent("t.swapaxes(0, 1)")
    t = Absent("t.T")
    take_along_dim = Absent("take_along_axis(t, argsort(t, axis=1), axis=1)")
    view = Absent("t.reshape(9)")
    view_as = Absent("t.reshape(u.shape)")

    # ---- two operations in one -------------------------------------------------------------------------------

    addbmm = Absent("t + t @ u")
    addcdiv = Absent("t + 0.5 * t / u")
    addcmul = Absent("t + 0.5 * t * u")
    addmm = Absent("t + t @ u")
    addmv = Absent("t[0] + t @ u[0]")
    baddbmm = Absent("t + t @ u")

    # ---- dtypes ----------------------------------------------------------------------------------------------

    bool = Absent("t != 0", "of each element; bool(t) is of a single one")
    double = Absent("t.astype(np.float64)")
    float = Absent("t.astype(np.float32)")
    half = Absent("t.astype(np.float16)")
    int = Absent("t.astype(np.int32)")
    long = Absent("t.astype(np.int64)")
    type_as = Absent("t.astype(u.dtype)")

    # ---- arrays to begin with --------------------------------------------------------------------------------

    arange = Absent("Tensor(np.arange(9.0))")
    as_tensor = Absent("Tensor(np.ones(3))")
    asarray = Absent("Tensor(np.ones(3))")
    empty = Absent("Tensor(np.zeros((3, 3)))")
    eye = Absent("Tensor(np.eye(3))")
    from_numpy = Absent("Tensor(np.ones(3))")
    full = Absent("Tensor(np.full((3, 3), 7.0))")
    full_like = Absent("Tensor(np.full_like(t, 7.0))")
    linspace = Absent("Tensor(np.linspace(0.0, 1.0, 9))")
    new_zeros = Absent("Tensor(np.zeros((3, 3), t.dtype))")
    ones = Absent("Tensor(np.ones((3, 3)))")
    ones_like = Absent("Tensor(np.ones_like(t))")
    rand = Absent("Tensor(np.random.default_rng(0).random((3, 3)))")
    randn = Absent("Tensor(np.random.default_rng(0).normal(size=(3, 3)))")
    zeros = Absent("Tensor(np.zeros((3, 3)))")
    zeros_like = Absent("Tensor(np.zeros_like(t))")

    # ---- what is already so, or never ------------------------------------------------------------------------

    conj = Absent("t", "its numbers are real")
    contiguous = Absent("t", "nobody can see how it lies in memory")
    cpu = Absent("t", "there is no other device")
    cuda = Absent("t", "MicroGrad computes on the CPU alone")
    device = Absent('"cpu"', "MicroGrad computes on the CPU alone")
    real = Absent("t", "its numbers are real")
    retain_grad = Absent("t", "every Tensor keeps its gradient")
    to = Absent("t", "MicroGrad computes on the CPU alone; another dtype is t.astype(np.float32)")

    # ---- in place --------------------------------------------------------------------------------------------

    add_ = Absent("t.add(u)", "it makes a new Tensor, to be named t")
    clamp_ = Absent("t.clip(0.0, 1.0)", "it makes a new Tensor, to be named t")
    copy_ = Absent("t.data[...] = u.data")
    detach_ = Absent("t.detach()", "it makes a new Tensor, to be named t")
    div_ = Absent("t.div(u)", "it makes a new Tensor, to be named t")
    fill = Absent("t.data[...] = 7.0")
    fill_ = Absent("t.data[...] = 7.0")
    mul_ = Absent("t.mul(u)", "it makes a new Tensor, to be named t")
    put = Absent("t.index_put([0, 2], u[:2])", "it makes a new Tensor, to be named t")
    requires_grad_ = Absent("t.requires_grad = True")
    resize = Absent("t.reshape(9)")
    sub_ = Absent("t.sub(u)", "it makes a new Tensor, to be named t")
    zero_ = Absent("t.data[...] = 0.0", "or of a gradient t.zero_grad()")

    # ---- what the array itself has, and NumPy answers --------------------------------------------------------

    argpartition = Absent("np.argpartition(t, 1)")
    compress = Absent("t[:, u[0].data > 1]")
    flags = Absent("t.data.flags")
    flat = Absent("t.ravel()")
    itemsize = Absent("t.data.itemsize")
    nbytes = Absent("t.data.nbytes")
    nonzero = Absent("np.nonzero(t)")
    searchsorted = Absent("np.searchsorted(t[0], 0.5)")
    strides = Absent("t.data.strides")
    tobytes = Absent("t.data.tobytes()")

    def __dir__(self) -> Iterable[str]:
        return [name for name in object.__dir__(self) if name not in ABSENT]


ABSENT: dict[str, Absent] = {name: item for name, item in vars(AbsentNames).items() if isinstance(item, Absent)}
"""Each by its name."""
