"""Ours, eager: scalar Values and the scalar MLP, used as micrograd's demo notebook uses its own."""

from __future__ import annotations

import micrograd
from jobs.contract import Unavailable
from notebook import chain, seed

__all__ = ["chain", "seed"]

LIBRARIES = ("micrograd-engine", "micrograd-nn")
LIMIT = 400_000

# Ours is a namespace package, which has no file.
if getattr(micrograd, "__file__", None):
    raise Unavailable("PyPI's micrograd hides ours in this environment")
