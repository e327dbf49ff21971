"""`Module`: whatever has parameters. It finds them by looking at its attributes; nothing has to be registered.

An attribute that is a leaf `Value`, or a leaf `Tensor` that requires a gradient, is a parameter, one that is a Module
is a part, and lists, tuples and dicts are looked into. Arrays that belong to the model but aren't learned, such as
running means, are buffers: `register_buffer` notes their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from micrograd.engine.arguments.callables import require_function
from micrograd.engine.errors import MicrogradError, MicrogradTypeError
from micrograd.engine.observing.changes import Announcing
from micrograd.engine.observing.owners import note_owner
from micrograd.nn import states
from micrograd.nn.pytorch_names import AbsentMethods, refuse_settings
from micrograd.nn.validation import yes_or_no
from micrograd.nn.walking import (
    buffers_of,
    forget_gradients,
    is_tensor,
    note_parameter,
    parameters_in_attributes,
    parameters_of,
    walk,
)

_M = TypeVar("_M", bound="Module")


class Module(AbsentMethods, Announcing):
    """Base of everything that has parameters; a subclass says in `forward` what it computes.

    A subclass in micrograd's manner, which overrides `__call__` and `parameters()`, works too: what that returns is
    then what counts, here and in every module that holds it.

    Attributes:
        training: Whether the module is being trained; `train()` and `eval()` set it throughout.

    Example:
        >>> from micrograd.engine import Value
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.slope, self.intercept = Value(2.0), Value(1.0)
        ...     def forward(self, x):
        ...         return self.slope * x + self.intercept
        >>> line = Line()
        >>> line(3.0).backward()
        >>> {name: p.grad for name, p in line.named_parameters()}
        {'slope': 3.0, 'intercept': 1.0}
    """

    training: bool = True

    def __new__(cls: type[_M], *args: Any, **kwargs: Any) -> _M:
        """A module whose parameters a graph can name; it has none yet.

        Raises:
            MicrogradTypeError: If there are arguments, and the class has no `__init__` that takes any; or a setting of
                PyTorch's that isn't here.
        """
        refuse_settings(cls, kwargs)
        if (args or kwargs) and cls.__init__ is object.__init__:
            raise MicrogradTypeError(f"{cls.__name__} takes no arguments: {cls.__name__}().")
        module = super().__new__(cls)
        note_owner(module)
        return module

    def __setattr__(self, name: str, value: Any) -> None:
        note_parameter(value)
        super().__setattr__(name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What `forward` computes; an error on the way says in which part of the module it happened."""
        try:
            return self.forward(*args, **kwargs)
        except MicrogradError as error:
            _locate(error, self)
            raise

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; a subclass says it.

        Raises:
            MicrogradTypeError: If it doesn't.
        """
        name = type(self).__name__
        raise MicrogradTypeError(
            f"{name} doesn't say what it computes. Write def forward(self, x): ... in class {name}."
        )

    # ---- parts -------------------------------------------------------------------------------------------------------

    def parameters(self) -> list[Any]:
        """Every parameter once, in the order in which the attributes were set."""
        return [parameter for _, parameter in parameters_in_attributes(self)]

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """Every parameter once, with the path to it; one that is shared goes by the first of its names.

        Example:
            >>> from micrograd.nn import MLP
            >>> [name for name, _ in MLP(1, [1]).named_parameters()]
            ['layers.0.neurons.0.w.0', 'layers.0.neurons.0.b']
        """
        return parameters_of(self)

    def modules(self) -> Iterator[Module]:
        """This module and every module in it, each once."""
        return (module for _, module in self.named_modules())

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module, by the empty name, and every module in it, each once."""
        return ((name, thing) for name, thing in walk(self) if isinstance(thing, Module))

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules right below this one, each once."""
        below = walk(self, into=lambda thing: thing is self or not isinstance(thing, Module))
        return ((name, thing) for name, thing in below if isinstance(thing, Module) and thing is not self)

    def children(self) -> Iterator[Module]:
        """The modules right below this one, without their names."""
        return (module for _, module in self.named_children())

    def register_buffer(self, name: str, array: Any, persistent: bool = True) -> None:
        """Keep an array, or None, as the attribute `name`: saved with the model, and not learned.

        Args:
            name: What the attribute is to be called.
            array: What it is to be at first.
            persistent: Whether `state_dict()` has it; what is computed anew for each model needn't be there.

        Example:
            >>> import numpy as np
            >>> module = Module()
            >>> module.register_buffer("seen", np.zeros(2))
            >>> list(module.state_dict())
            ['seen']
        """
        states.check_buffer(self, name, array)
        vars(self).setdefault("_buffer_names", []).append(name)
        if not persistent:
            vars(self).setdefault("_unsaved", []).append(name)
        setattr(self, name, array)

    def named_buffers(self) -> Iterator[tuple[str, Any]]:
        """Every buffer that isn't None, with the path to it."""
        return ((name, array) for name, _, _, array in buffers_of(self))

    def buffers(self) -> list[Any]:
        """Every buffer that isn't None."""
        return [array for _, array in self.named_buffers()]

    def apply(self: _M, function: Callable[[Module], Any]) -> _M:
        """Call `function` on every module in this one, the innermost first; returns the module.

        Raises:
            MicrogradTypeError: If it can't be called.

        Example:
            >>> from micrograd.nn import MLP
            >>> names = []
            >>> _ = MLP(1, [1]).apply(lambda module: names.append(type(module).__name__))
            >>> names
            ['Neuron', 'Layer', 'MLP']
        """
        require_function("apply", function, "model.apply(lambda module: print(module))")
        for module in reversed(list(self.modules())):
            function(module)
        return self

    # ---- states ------------------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """A copy of every parameter's and buffer's numbers, by name: arrays, and floats for Values.

        Raises:
            MicrogradValueError: If two parameters have the same name.

        Example:
            >>> import random
            >>> from micrograd.nn import Neuron
            >>> Neuron(1, rng=random.Random(0)).state_dict()
            {'w.0': 0.6888437030500962, 'b': 0.0}
        """
        return states.state_of(self)

    def load_state_dict(self, state: dict[str, Any], strict: bool = True) -> None:
        """Take over the numbers that `state_dict()` gave.

        Args:
            state: Numbers by name.
            strict: Whether every name has to be there, and no other.

        Raises:
            MicrogradValueError: If names are missing or unexpected, or shapes differ: all of them are listed, and
                nothing is changed.
        """
        states.load_state(self, state, strict)

    def train(self: _M, mode: bool = True) -> _M:
        """Set `training` of this module and of every module in it; returns the module.

        Raises:
            MicrogradTypeError: If the mode is neither True nor False.
        """
        is_training = yes_or_no(mode, "mode", "model.train(), model.train(False) or model.eval()")
        for _, module in self.named_modules():
            module.training = is_training
        return self

    def eval(self: _M) -> _M:
        """Set `training` to False throughout; returns the module."""
        return self.train(False)

    def freeze(self: _M) -> _M:
        """Have no gradients computed for the Tensors of this module: an optimiser then leaves them as they are.

        Returns:
            The module.

        Raises:
            MicrogradTypeError: If it has Values, which always have a gradient.

        Example:
            >>> from micrograd.nn import Linear
            >>> layer = Linear(2, 1, rng=0).freeze()
            >>> [p.requires_grad for p in layer.parameters()], list(layer.state_dict())
            ([False, False], ['weight', 'bias'])
        """
        return self._set_frozen(True)

    def unfreeze(self: _M) -> _M:
        """Have gradients computed again; returns the module."""
        return self._set_frozen(False)

    def _set_frozen(self: _M, is_frozen: bool) -> _M:
        parameters = self.parameters()
        if not all(map(is_tensor, parameters)):
            raise MicrogradTypeError(
                "a scalar net can't be frozen, for a Value always has a gradient. Leave what is to stay as it is out "
                "of the optimiser: SGD(model.layers[-1].parameters(), lr=0.1)."
            )
        for parameter in parameters:
            parameter.requires_grad = not is_frozen
        return self

    def to(self: _M, dtype: Any) -> _M:
        """Convert the Tensors of this module and its buffers of real numbers to a dtype, in place; returns the module.

        Their gradients are forgotten. Make the optimiser afterwards.

        Example:
            >>> from micrograd.nn import Linear
            >>> Linear(2, 1, rng=0).to("float32").weight.dtype
            dtype('float32')
        """
        states.convert(self, dtype)
        return self

    def float(self: _M) -> _M:
        """Convert to float32; returns the module."""
        return self.to("float32")

    def double(self: _M) -> _M:
        """Convert to float64; returns the module."""
        return self.to("float64")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Set the gradient of every Value to 0, and forget that of every Tensor; with set_to_none=False it is zeros."""
        forget_gradients(self.parameters(), set_to_none)

    # ---- as text -----------------------------------------------------------------------------------------------------

    def settings(self) -> str:
        """What the repr shows in brackets; a subclass says it."""
        return ""

    def title(self) -> str:
        """The kind of module and its settings, in one line."""
        return f"{type(self).__name__}({self.settings()})"

    def __repr__(self) -> str:
        inner = [f"({name}): {text}".replace("\n", "\n  ") for name, text in self._shown()]
        body = "".join(f"\n  {line}" for line in inner) + "\n" if inner else ""
        return f"{self.title()[:-1]}{body})"

    def _shown(self) -> list[tuple[str, str]]:
        """Names and texts of the parts that its text shows."""
        return [(name, repr(module)) for name, module in self.named_children()]

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from micrograd.nn.module_card import module_card  # imported when the first module is looked at

        return module_card(self)


def _locate(error: MicrogradError, module: Module) -> None:
    """Say in front of the message where in this module the error happened."""
    inner = vars(error).get("module")
    if inner is None:
        vars(error).update(module=module, path="", said=str(error.args[0]) if error.args else "")
    else:
        below = next((name for name, thing in module.named_modules() if thing is inner), "")
        path = ".".join(filter(None, (below, vars(error)["path"])))
        vars(error).update(module=module, path=path)
        first = vars(error).setdefault("first", inner)
        error.args = (f"in {path} ({first.title()}): {vars(error)['said']}", *error.args[1:])
