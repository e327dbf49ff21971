"""Karpathy's micrograd 0.1.0, alone in its process (`micrograd_010.txt`), by the same user code as ours."""

from __future__ import annotations

import micrograd
from jobs.contract import Unavailable
from notebook import chain, seed

__all__ = ["chain", "seed"]

LIBRARIES = ("micrograd",)
LIMIT = 100_000

# Ours is a namespace package, which has no file.
if not getattr(micrograd, "__file__", None):
    raise Unavailable("found ours in its place")
