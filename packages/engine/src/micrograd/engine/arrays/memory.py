"""Memory of large arrays: kept for the next ones, instead of being handed back to the system at every step."""

from __future__ import annotations

import ctypes

from micrograd.engine.arguments.calls import naming_arguments

# Of glibc's malloc.h.
_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_NEVER = 2**31 - 1


@naming_arguments
def keep_memory() -> bool:
    """Have the process keep the memory of arrays that are gone for those to come.

    A step of a training makes arrays of the same sizes as the one before, and drops them. From 128 KiB on, glibc hands
    such memory back to the system, which gives it out again page by page and filled with zeros: of a step with
    activations of 20 MB that can be a tenth of the time. Call this once, before the training.

    It's a setting of the C library for the whole process, NumPy and all: the process stays as large as it ever was,
    until it ends. `MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=2147483647` in the environment does the same from outside.

    Returns:
        Whether there was something to set; False where the C library isn't glibc, as on macOS and Windows.

    Source: mallopt(3) of the Linux man-pages.

    Example:
        >>> from micrograd.engine import keep_memory
        >>> keep_memory() in (True, False)
        True
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(_MMAP_MAX, 0) and mallopt(_TRIM_THRESHOLD, _NEVER))
