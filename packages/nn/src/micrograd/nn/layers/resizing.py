"""Layers without weights that make images larger or smaller: `Upsample`, `PixelShuffle` and back, `ZeroPad2d`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.indexing import take
from micrograd.engine.ops.arrays.padding import pad
from micrograd.engine.ops.arrays.shapes import permute_dims, reshape
from micrograd.nn.layers.checks import as_input
from micrograd.nn.module import Module
from micrograd.nn.validation import positive, whole_number, whole_numbers


class Upsample(Module):
    """Makes images and sequences larger, or smaller: each place takes the number of the nearest one.

    Args:
        size: How long the axes after the channels become; one number for all of them, or one for each.
        scale_factor: By what they are multiplied instead; likewise.
        mode: "nearest", which is all that there is here.

    Raises:
        MicrogradTypeError: If a size or a factor is no number.
        MicrogradValueError: If there is not just one of size and scale_factor, the mode is another, the input hasn't 1
            to 3 axes after the samples and the channels, or one of these is or would be of length 0.

    Example:
        >>> import numpy as np
        >>> Upsample(scale_factor=2)(np.array([[[1.0, 2.0]]]))
        array([[[1., 1., 2., 2.]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None, mode: str = "nearest") -> None:
        if mode != "nearest":
            raise MicrogradValueError(
                f'Upsample(mode={mode!r:.40}): there is "nearest" alone here. Write Upsample(scale_factor=2); for a '
                "smoother enlargement that is learned, ConvTranspose2d(channels, channels, 2, stride=2)."
            )
        if (size is None) == (scale_factor is None):
            raise MicrogradValueError(
                "Upsample takes either a size or a scale_factor. Write Upsample(scale_factor=2) or Upsample((8, 8))."
            )
        self.size = None if size is None else _each(size, whole_number, "size", "Upsample(size=8)")
        self.scale_factor = (
            None if scale_factor is None else _each(scale_factor, positive, "scale_factor", "Upsample(scale_factor=2)")
        )
        self.mode = mode

    def forward(self, x: Any) -> Any:
        """From shape (samples, channels, ...) to the same with other lengths after the channels."""
        x = as_input(x, self)
        is_factor = self.size is None
        given: Any = self.scale_factor if is_factor else self.size
        lengths = tuple(x.shape[2:])
        settings = given if isinstance(given, tuple) else (given,) * len(lengths)
        if not 1 <= len(lengths) <= 3 or len(settings) != len(lengths):
            raise MicrogradValueError(
                f"{self.title()} was given shape {tuple(x.shape)}. It takes (samples, channels, ...) with 1 to 3 "
                "further axes, and settings for all of them at once or one for each."
            )
        wanted = tuple(int(n * by) if is_factor else by for n, by in zip(lengths, settings, strict=True))
        if 0 in (*lengths, *wanted):
            raise MicrogradValueError(
                f"{self.title()} would make lengths {wanted} of {lengths}, and there is nothing in one of length 0."
            )
        for axis, (length, new, setting) in enumerate(zip(lengths, wanted, settings, strict=True), start=2):
            if new != length:
                x = take(x, _nearest(length, new, 1.0 / setting if is_factor else length / new), axis=axis)
        return x

    def settings(self) -> str:
        """The size or the factor."""
        return f"scale_factor={self.scale_factor}" if self.size is None else f"size={self.size}"


def _each(given: Any, check: Any, name: str, example: str) -> Any:
    """One number, or a tuple of numbers."""
    if isinstance(given, (tuple, list)):
        return tuple(check(number, f"one of {name}", example) for number in given)
    return check(given, name, example)


def _nearest(length: int, new: int, step: float) -> Any:
    """From where each of the new places takes its number."""
    # In single precision, as PyTorch does for images: where a step comes to a whole number, the last bit decides.
    places = np.floor(np.arange(new, dtype=np.float32) * np.float32(step)).astype(int)
    return np.minimum(places, length - 1)


class PixelShuffle(Module):
    """Lays out groups of r² channels as squares of r by r pixels: an image r times as large, of fewer channels.

    Args:
        upscale_factor: r.

    Raises:
        MicrogradValueError: If the channels are no multiple of r².

    Example:
        >>> import numpy as np
        >>> PixelShuffle(2)(np.arange(4.0).reshape(1, 4, 1, 1))
        array([[[[0., 1.],
                 [2., 3.]]]])

    Reference: Shi et al., "Real-time single image and video super-resolution using an efficient sub-pixel
        convolutional neural network", CVPR (2016), arXiv:1609.05158.
    """

    def __init__(self, upscale_factor: int) -> None:
        self.upscale_factor = whole_number(upscale_factor, "upscale_factor", "PixelShuffle(2)")

    def forward(self, x: Any) -> Any:
        """From shape (..., channels r², height, width) to (..., channels, height r, width r)."""
        x, r = as_input(x, self), self.upscale_factor
        if len(x.shape) < 3 or x.shape[-3] % r**2:
            raise MicrogradValueError(
                f"{self.title()} takes shape (..., channels, height, width) with a multiple of {r**2} channels, but "
                f"was given {tuple(x.shape)}."
            )
        *before, channels, height, width = x.shape
        n = len(before)
        apart = reshape(x, shape=(*before, channels // r**2, r, r, height, width))
        beside = permute_dims(apart, axes=(*range(n + 1), n + 3, n + 1, n + 4, n + 2))
        return reshape(beside, shape=(*before, channels // r**2, height * r, width * r))

    def settings(self) -> str:
        """The factor."""
        return f"{self.upscale_factor}"


class PixelUnshuffle(Module):
    """What `PixelShuffle` did, undone: each square of r by r pixels becomes r² channels of one pixel.

    Args:
        downscale_factor: r.

    Raises:
        MicrogradValueError: If height or width is no multiple of r.

    Example:
        >>> import numpy as np
        >>> PixelUnshuffle(2)(np.arange(4.0).reshape(1, 1, 2, 2)).shape
        (1, 4, 1, 1)
    """

    def __init__(self, downscale_factor: int) -> None:
        self.downscale_factor = whole_number(downscale_factor, "downscale_factor", "PixelUnshuffle(2)")

    def forward(self, x: Any) -> Any:
        """From shape (..., channels, height r, width r) to (..., channels r², height, width)."""
        x, r = as_input(x, self), self.downscale_factor
        if len(x.shape) < 3 or x.shape[-2] % r or x.shape[-1] % r:
            raise MicrogradValueError(
                f"{self.title()} takes shape (..., channels, height, width) whose last two are multiples of {r}, but "
                f"was given {tuple(x.shape)}. Write ZeroPad2d(...) in front to fill them up."
            )
        *before, channels, height, width = x.shape
        n = len(before)
        squares = reshape(x, shape=(*before, channels, height // r, r, width // r, r))
        stacked = permute_dims(squares, axes=(*range(n + 1), n + 2, n + 4, n + 1, n + 3))
        return reshape(stacked, shape=(*before, channels * r**2, height // r, width // r))

    def settings(self) -> str:
        """The factor."""
        return f"{self.downscale_factor}"


class ZeroPad2d(Module):
    """A border of zeros around images.

    Args:
        padding: How wide it is; one number, or those of the left, the right, the top and the bottom.

    Raises:
        MicrogradTypeError: If a width is no whole number.
        MicrogradValueError: If there are neither 1 nor 4, one is negative, or the input has fewer than 2 axes.

    Example:
        >>> import numpy as np
        >>> ZeroPad2d((1, 0, 0, 1))(np.ones((1, 1, 1, 2)))
        array([[[[0., 1., 1.],
                 [0., 0., 0.]]]])
    """

    def __init__(self, padding: int | Sequence[int]) -> None:
        example = "ZeroPad2d((left, right, top, bottom))"
        widths = [padding] * 4 if not isinstance(padding, (tuple, list)) else padding
        self.padding = tuple(whole_numbers(widths, "padding", example, least=0))
        if len(self.padding) != 4:
            raise MicrogradValueError(f"padding={padding} is one width or four. Write {example}.")

    def forward(self, x: Any) -> Any:
        """From shape (..., height, width) to (..., top + height + bottom, left + width + right)."""
        x = as_input(x, self)
        if len(x.shape) < 2:
            raise MicrogradValueError(
                f"{self.title()} takes shape (..., height, width), but was given {tuple(x.shape)}."
            )
        left, right, top, bottom = self.padding
        return pad(x, ((0, 0),) * (len(x.shape) - 2) + ((top, bottom), (left, right)))

    def settings(self) -> str:
        """The four widths."""
        return f"{self.padding}"
