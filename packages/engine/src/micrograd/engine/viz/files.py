"""Writing a file so that it is either the old one or the new one, never a half."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_safely(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file through a temporary one beside it; folders on the way are created.

    A failure at any point leaves an existing file as it was, and nothing else behind. What isn't a regular
    file, such as `/dev/stdout`, is written to directly. A symbolic link stays one; its target is replaced.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_bytes(content)
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
