"""Files that are replaced as a whole or not at all, whenever the process is killed or the disk is full."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace a file's content: whoever reads it finds the old content or the new one, never a mixture.

    The content goes into a temporary file in the same folder, is flushed to the disk, and takes the file's name in one
    step; then the folder is flushed. Temporary files of processes that were killed on the way are removed.

    Raises:
        OSError: If it can't be written; the old file is then as it was, and no temporary file is left.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(f"{folder}/note", b"new")
        ...     Path(folder, "note").read_text(), os.listdir(folder)
        ('new', ['note'])
    """
    target = Path(os.path.realpath(path))
    _sweep(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Have the new name on the disk too, where folders can be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(target: Path) -> None:
    """Remove what killed processes have left beside the file."""
    if not target.parent.is_dir():
        return
    prefix = f".{target.name}."
    for entry in target.parent.iterdir():
        parts = entry.name[len(prefix) :].split(".")
        if entry.name.startswith(prefix) and len(parts) == 3 and parts[2] == "tmp" and not _is_running(parts[0]):
            entry.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    if not process.isdigit():
        return True  # not one of ours
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return int(process) != os.getpid()
