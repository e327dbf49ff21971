"""A contender's process as the runner sees it: started, asked, stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OWN_ENVIRONMENTS = HERE / ".bench"
THREADS = (
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
)  # fmt: skip
# Settings for an older OpenBLAS that make a current one slower.
DROPPED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class ContenderFailed(Exception):
    """The process ended, or took too long, instead of answering."""


def available() -> list[str]:
    """The contenders of this folder."""
    return sorted(path.stem for path in HERE.glob("contenders/[a-z]*.py"))


class ContenderProcess:
    """A worker for one contender.

    Args:
        contender: A name in `contenders/`, or the path of a Python file.
        threads: How many threads the numerical libraries may use.
        timeout: The longest that an answer may take, in seconds.
        path: Where else to look for packages, before all others.
        under: The command that runs the process, such as valgrind with its options.
    """

    def __init__(
        self, contender: str, threads: int, timeout: float, path: str | None = None, under: Sequence[str] = ()
    ) -> None:
        self.contender = contender
        self.name = Path(contender).stem
        self.timeout = timeout
        self._complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(
            [*under, sys.executable, str(HERE / "worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            env=environment(self.name, threads) | ({"PYTHONPATH": path} if path else {}),
        )

    def ask(self, do: str, **details: Any) -> dict[str, Any]:
        """Send a request and wait for its answer.

        Raises:
            ContenderFailed: If there is none.
        """
        expired = threading.Timer(self.timeout, self._process.kill)
        expired.start()
        try:
            answer = self._converse(json.dumps({"do": do, **details}))
        finally:
            expired.cancel()
        if not answer:
            raise ContenderFailed(self._last_words())
        return dict(json.loads(answer))

    def _converse(self, request: str) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            return ""
        try:
            print(request, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return ""
        return self._process.stdout.readline()

    def _last_words(self) -> str:
        status = self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().strip().splitlines()
        if status < 0:
            return f"ended by signal {-status}, perhaps out of memory or over {self.timeout:g} s"
        return lines[-1] if lines else f"ended with status {status}"

    def stop(self) -> None:
        if self._process.stdin is not None and self._process.poll() is None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._complaints.close()


def environment(name: str, threads: int) -> dict[str, str]:
    """The process's environment variables: so many threads, and for some contenders packages of their own."""
    variables = {key: value for key, value in os.environ.items() if key not in DROPPED}
    variables |= dict.fromkeys(THREADS, str(threads))
    if threads == 1:
        variables["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    if requirements(name).exists():
        variables["PYTHONPATH"] = str(OWN_ENVIRONMENTS / name)
    return variables


def requirements(name: str) -> Path:
    """What a contender needs that can't stand beside our own packages; most have no such file."""
    return HERE / "contenders" / f"{name}.txt"


def install(name: str) -> str | None:
    """Install a contender's own requirements, once, into a folder that git ignores; returns why that failed."""
    target = OWN_ENVIRONMENTS / name
    if not requirements(name).exists() or target.exists():
        return None
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    OWN_ENVIRONMENTS.mkdir(exist_ok=True)
    # Renamed only when complete, so that an interrupted installation isn't taken for one.
    with tempfile.TemporaryDirectory(dir=OWN_ENVIRONMENTS) as folder:
        command = [*pip, "--target", f"{folder}/packages", "-r", str(requirements(name))]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return f"pip couldn't install {requirements(name).name}"
        Path(folder, "packages").rename(target)
    return None
