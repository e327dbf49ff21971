"""Layers that shrink images and sequences: the largest or the mean of each window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from micrograd.engine.ops.neural import pooling
from micrograd.engine.ops.neural.windows import geometry
from micrograd.nn.layers.checks import as_input
from micrograd.nn.module import Module


class _Pool(Module):
    """What the pools share: a function of windows, and the settings that it is called with."""

    spatial = 0
    of: Callable[..., Any]

    def __init__(self, kernel_size: Any, stride: Any, padding: Any, **others: Any) -> None:
        self.kernel_size, self.padding = kernel_size, padding
        self.stride = kernel_size if stride is None else stride
        self._names = ("kernel_size", "stride", "padding", *others)
        for name, value in others.items():
            setattr(self, name, value)
        geometry(type(self).__name__, self.spatial, kernel_size, self.stride, padding, others.get("dilation", 1))

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, ...), or without the samples."""
        return self.of(as_input(x, self), **{name: getattr(self, name) for name in self._names})

    def settings(self) -> str:
        """The window, its stride and padding, where they aren't the usual ones."""
        usual = {"stride": self.kernel_size, "padding": 0, "dilation": 1, "ceil_mode": False}
        usual |= {"count_include_pad": True, "divisor_override": None}
        given = {name: getattr(self, name) for name in self._names[1:]}
        others = [f", {name}={value}" for name, value in given.items() if value != usual[name]]
        return f"{self.kernel_size}{''.join(others)}"


class _MaxPool(_Pool):
    def __init__(
        self, kernel_size: Any, stride: Any = None, padding: Any = 0, dilation: Any = 1, *, ceil_mode: bool = False
    ) -> None:
        super().__init__(kernel_size, stride, padding, dilation=dilation, ceil_mode=ceil_mode)


class MaxPool1d(_MaxPool):
    """The largest number of each window along the last axis.

    Args:
        kernel_size: How long a window is.
        stride: The step from one to the next; the kernel's size unless given.
        padding: How many elements to add on either side; they never win.
        dilation: The step from one element of a window to the next.
        ceil_mode: Whether a last window that reaches beyond the end is kept.

    Raises:
        MicrogradValueError: If a setting is out of range.

    Example:
        >>> import numpy as np
        >>> MaxPool1d(2)(np.array([[[1.0, 3.0, 2.0, 4.0]]]))
        array([[[3., 4.]]])
    """

    spatial = 1
    of = staticmethod(pooling.max_pool1d)


class MaxPool2d(_MaxPool):
    """The largest number of each window along the last two axes; the arguments are those of `MaxPool1d`, or pairs.

    Example:
        >>> import numpy as np
        >>> MaxPool2d(2)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[ 5.,  7.],
                 [13., 15.]]]])
    """

    spatial = 2
    of = staticmethod(pooling.max_pool2d)


class AvgPool1d(_Pool):
    """The mean of each window along the last axis.

    Args:
        kernel_size: How long a window is.
        stride: The step from one to the next; the kernel's size unless given.
        padding: How many zeros to add on either side.
        ceil_mode: Whether a last window that reaches beyond the end is kept.
        count_include_pad: Whether those zeros count as elements of a window.

    Raises:
        MicrogradValueError: If a setting is out of range.

    Example:
        >>> import numpy as np
        >>> AvgPool1d(2)(np.array([[[1.0, 3.0, 2.0, 4.0]]]))
        array([[[2., 3.]]])
    """

    spatial = 1
    of = staticmethod(pooling.avg_pool1d)

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        super().__init__(kernel_size, stride, padding, ceil_mode=ceil_mode, count_include_pad=count_include_pad)


class AvgPool2d(_Pool):
    """The mean of each window along the last two axes; the arguments are those of `AvgPool1d`, or pairs.

    Args:
        kernel_size: The size of a window.
        stride: The step from one to the next; the kernel's size unless given.
        padding: How many zeros to add on either side.
        ceil_mode: Whether a last window that reaches beyond the end is kept.
        count_include_pad: Whether those zeros count as elements of a window.
        divisor_override: What to divide the sums by, instead of the number of elements.

    Example:
        >>> import numpy as np
        >>> AvgPool2d(2)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[ 2.5,  4.5],
                 [10.5, 12.5]]]])
    """

    spatial = 2
    of = staticmethod(pooling.avg_pool2d)

    def __init__(
        self,
        kernel_size: Any,
        stride: Any = None,
        padding: Any = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        counted = {"count_include_pad": count_include_pad, "divisor_override": divisor_override}
        super().__init__(kernel_size, stride, padding, ceil_mode=ceil_mode, **counted)


class _AdaptivePool(Module):
    of: Callable[..., Any]

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, ...), or without the samples."""
        return self.of(as_input(x, self), self.output_size)

    def settings(self) -> str:
        """The size."""
        return str(self.output_size)


class AdaptiveAvgPool1d(_AdaptivePool):
    """The mean of as many windows along the last axis as it takes to get a given length.

    Args:
        output_size: The length of the result.

    Example:
        >>> import numpy as np
        >>> AdaptiveAvgPool1d(2)(np.arange(4.0).reshape(1, 1, 4))
        array([[[0.5, 2.5]]])
    """

    of = staticmethod(pooling.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptivePool):
    """The mean of as many windows as it takes to get a given size.

    Args:
        output_size: The height and width of the result; one number for both.

    Example:
        >>> import numpy as np
        >>> AdaptiveAvgPool2d(1)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[7.5]]]])
    """

    of = staticmethod(pooling.adaptive_avg_pool2d)
