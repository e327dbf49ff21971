"""Files that are replaced as a whole or not at all, whenever the process is killed or the disk is full."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from pathlib import Path

_being_written: set[Path] = set()  # by any thread of this process


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Replace a file's content: whoever reads it finds the old content or the new one, never a mixture.

    The content goes into a temporary file in the same folder, is flushed to the disk, and takes the file's name in one
    step; then the folder is flushed. Temporary files of processes that were killed on the way are removed. Who may read
    a file stays as it was.

    Raises:
        OSError: If it can't be written, or something other than a file has that name; what was there is then as it was,
            and no temporary file is left.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_whole(f"{folder}/note", b"new")
        ...     Path(folder, "note").read_text(), os.listdir(folder)
        ('new', ['note'])
    """
    target = Path(os.path.realpath(path))
    _require_replaceable(target)
    _sweep(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    _being_written.add(temporary)
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        _being_written.discard(temporary)
    _flush_folder(target.parent)


def _require_replaceable(target: Path) -> None:
    """Refuse a place where no file can be, or something else is: a device would be replaced as a file is."""
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "No such folder, make it first", str(target.parent))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "Is a folder, name a file in it", str(target))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "Is neither a file nor free", str(target))


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
    prefix = f".{target.name}."
    for entry in target.parent.iterdir():
        parts = entry.name[len(prefix) :].split(".")
        is_temporary = entry.name.startswith(prefix) and len(parts) == 3 and parts[2] == "tmp"
        if is_temporary and entry not in _being_written and not _is_running(parts[0]):
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
    return int(process) != os.getpid()  # of ours one that died: a container gives the same number again
