"""From the text of a step to machine code by Numba, kept on disk for the next process that compiles the same text.

The texts lie in `~/.cache/micrograd`, each under a name that is its own checksum, with Numba's code beside them, the
latest `KEPT` of them. The environment variable `MICROGRAD_CACHE` names another folder; empty, it keeps nothing. The
folder may be deleted at any time. Where it can't be written, everything works, only not as soon.
"""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from micrograd.engine.errors import MissingExtraError

KEPT = 64
# Sums may be taken in another order and products fused with sums; nan and inf stay what they are.
FASTMATH = ("contract", "nsz", "reassoc")


def machine_code(source: str) -> Any:
    """The function `step` that the text defines, to be compiled when it is first called.

    Raises:
        MissingExtraError: If Numba isn't installed.
    """
    try:
        import numba
    except ModuleNotFoundError:
        raise MissingExtraError(
            'jit(backend="numba") needs Numba: pip install "micrograd-engine[jit]", or write backend="numpy"'
        ) from None
    path = _kept(source)
    # Numba reads its kept code back by the name of a module that can be imported.
    namespace: dict[str, Any] = {"__name__": __name__, "math": math, "np": np}
    exec(compile(source, path or "<micrograd.engine.jit: numba>", "exec"), namespace)
    return numba.njit(namespace["step"], fastmath=set(FASTMATH), error_model="numpy", cache=path is not None)


def _kept(source: str) -> str | None:
    """The file that holds this text, written now if it isn't there; None if none is to be kept, or can be."""
    try:
        folder = Path(os.environ.get("MICROGRAD_CACHE", Path.home() / ".cache" / "micrograd"))
        if folder == Path():
            return None
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"step_{hashlib.sha256(f'{FASTMATH}{source}'.encode()).hexdigest()}.py"
        if not path.exists():
            _write(path, source)
            _forget(folder)
    except (OSError, RuntimeError):
        return None
    return str(path)


def _write(path: Path, source: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(source)
    Path(temporary).replace(path)


def _forget(folder: Path) -> None:
    """Remove the oldest texts beyond `KEPT`, each with its code."""
    texts = sorted(folder.glob("step_*.py"), key=lambda path: path.stat().st_mtime)
    for text in texts[:-KEPT]:
        for file in (text, *(folder / "__pycache__").glob(f"{text.stem}.*")):
            file.unlink(missing_ok=True)
