"""What is kept on disk for the next process, in `~/.cache/micrograd`: files named by a checksum of all they depend on.

There are two kinds: how a tape was lifted (`remembered.py`), which is data, and machine code (`machine_code.py`). Of
each the latest `KEPT` files stay. A file is whole or not there, and what is in it is checked when it is read. The
environment variable `MICROGRAD_CACHE` names another folder; empty, it keeps nothing. The folder may be deleted at any
time. Where it can't be written, everything works, only not as soon.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

KEPT = 64
LARGEST = 16_000_000
"""Bytes; what takes more isn't kept."""

_DIGEST = hashlib.sha256().digest_size


def place(kind: str, *given: bytes) -> Path | None:
    """Where what is made of these bytes is kept; None if nothing is to be, or can be.

    Args:
        kind: What the name of the file begins with.
        given: All that the content depends on.
    """
    folder = _folder()
    if folder is None:
        return None
    checksum = hashlib.sha256()
    for part in given:
        checksum.update(len(part).to_bytes(8, "little"))
        checksum.update(part)
    return folder / f"{kind}_{checksum.hexdigest()}"


def is_kept() -> bool:
    """Whether anything is kept at all."""
    return _folder() is not None


def _folder() -> Path | None:
    try:
        folder = Path(os.environ.get("MICROGRAD_CACHE", Path.home() / ".cache" / "micrograd"))
        if folder == Path():
            return None
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder


def read(path: Path) -> bytes | None:
    """What was kept, None where there is nothing or it is not whole."""
    try:
        kept = path.read_bytes()
    except OSError:
        return None
    content = kept[_DIGEST:]
    return content if hashlib.sha256(content).digest() == kept[:_DIGEST] else None


def keep(path: Path, content: bytes) -> None:
    """Keep it, and no more than the latest of its kind."""
    if len(content) > LARGEST:
        return
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        kind, _, _ = path.name.partition("_")
        for file_before in sorted(path.parent.glob(f"{kind}_*"), key=lambda p: p.stat().st_mtime)[:-KEPT]:
            file_before.unlink(missing_ok=True)
    except OSError:
        return
