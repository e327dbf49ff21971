"""Every exception that the engine raises on purpose.

::

    MicrogradError
    ├── MicrogradTypeError   (also a TypeError)       a thing of a kind that can't be used here
    ├── MicrogradValueError  (also a ValueError)      the right kind of thing, with a value that can't be used
    │   └── MicrogradIndexError  (also an IndexError)     an index or axis that isn't there
    ├── GraphError           (also a RuntimeError)    a graph used in a way that has no right answer
    ├── TracingError         (also a TypeError)       code that jit can't write down, such as a branch on a traced value
    ├── ProgramError         (also a RuntimeError)    a program of the jit that isn't sound
    ├── GradientMismatch     (also an AssertionError) analytic and numeric gradients disagree
    └── MissingExtraError    (also an ImportError)    an optional dependency isn't installed

Catch `MicrogradError` for all of them, or the built-in that you would expect. A message says what happened,
why, and what to write instead.
"""


class MicrogradError(Exception):
    """The root of every exception that MicroGrad raises on purpose.

    Example:
        >>> from micrograd.engine import Value
        >>> try:
        ...     Value("three")
        ... except MicrogradError as error:
        ...     print(type(error).__name__)
        MicrogradTypeError
    """


class MicrogradTypeError(MicrogradError, TypeError):
    """A thing of a kind that can't be used here, such as a string as data."""


class MicrogradValueError(MicrogradError, ValueError):
    """The right kind of thing with a value that can't be used, such as a negative learning rate."""


class MicrogradIndexError(MicrogradValueError, IndexError):
    """An index or an axis that an array doesn't have."""


class GraphError(MicrogradError, RuntimeError):
    """A graph used in a way that has no right answer, or that is too large for what was asked."""


class TracingError(MicrogradError, TypeError):
    """Code that jit can't write down once for all data, such as a branch on a traced value."""


class ProgramError(MicrogradError, RuntimeError):
    """A program of the jit that isn't sound: a mistake in a pass, not in the user's code."""


class GradientMismatch(MicrogradError, AssertionError):
    """Analytic and numeric gradients disagree; raised by `check_gradients` with both side by side."""


class MissingExtraError(MicrogradError, ImportError):
    """An optional dependency isn't installed; the message names the extra that brings it."""
