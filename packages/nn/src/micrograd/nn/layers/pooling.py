"""Layers that shrink images and sequences: the largest or the mean of each window."""

from __future__ import annotations

from typing import Any

from micrograd.engine.ops.neural import pooling
from micrograd.nn.layers.checks import as_input
from micrograd.nn.module import Module


class _Pool(Module):
    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def settings(self) -> str:
        """The window, its stride and padding, where they aren't the usual ones."""
        stride = "" if self.stride is None else f", stride={self.stride}"
        return f"{self.kernel_size}{stride}{f', padding={self.padding}' if self.padding else ''}"


class MaxPool1d(_Pool):
    """The largest number of each window along the last axis.

    Args:
        kernel_size: How long a window is.
        stride: The step from one to the next; the kernel's size unless given.
        padding: How many elements to add on either side; they never win.

    Example:
        >>> import numpy as np
        >>> MaxPool1d(2)(np.array([[[1.0, 3.0, 2.0, 4.0]]]))
        array([[[3., 4.]]])
    """

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, length)."""
        return pooling.max_pool1d(as_input(x, self), self.kernel_size, self.stride, self.padding)


class MaxPool2d(_Pool):
    """The largest number of each window along the last two axes; the arguments are those of `MaxPool1d`, or pairs.

    Example:
        >>> import numpy as np
        >>> MaxPool2d(2)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[ 5.,  7.],
                 [13., 15.]]]])
    """

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, height, width)."""
        return pooling.max_pool2d(as_input(x, self), self.kernel_size, self.stride, self.padding)


class AvgPool1d(_Pool):
    """The mean of each window along the last axis; the arguments are those of `MaxPool1d`.

    Example:
        >>> import numpy as np
        >>> AvgPool1d(2)(np.array([[[1.0, 3.0, 2.0, 4.0]]]))
        array([[[2., 3.]]])
    """

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, length)."""
        return pooling.avg_pool1d(as_input(x, self), self.kernel_size, self.stride, self.padding)


class AvgPool2d(_Pool):
    """The mean of each window along the last two axes; the arguments are those of `MaxPool1d`, or pairs.

    Example:
        >>> import numpy as np
        >>> AvgPool2d(2)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[ 2.5,  4.5],
                 [10.5, 12.5]]]])
    """

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, height, width)."""
        return pooling.avg_pool2d(as_input(x, self), self.kernel_size, self.stride, self.padding)


class AdaptiveAvgPool2d(Module):
    """The mean of as many windows as it takes to get a given size.

    Args:
        output_size: The height and width of the result; one number for both.

    Example:
        >>> import numpy as np
        >>> AdaptiveAvgPool2d(1)(np.arange(16.0).reshape(1, 1, 4, 4))
        array([[[[7.5]]]])
    """

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """Shape (samples, channels, height, width)."""
        return pooling.adaptive_avg_pool2d(as_input(x, self), self.output_size)

    def settings(self) -> str:
        """The size."""
        return str(self.output_size)
