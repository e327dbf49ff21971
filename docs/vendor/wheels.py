"""Builds the wheels of this repository that the pages run.

python docs/vendor/wheels.py
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "packages"
TARGET = HERE / "wheels"


def main():
    """Build each, and name it such that a page needs to know no version."""
    TARGET.mkdir(exist_ok=True)
    for package in ("engine", "nn", "datasets"):
        with tempfile.TemporaryDirectory() as folder:
            build = [sys.executable, "-m", "build", "--installer", "uv", "--wheel", "--outdir", folder]
            subprocess.run([*build, PACKAGES / package], check=True, stdout=subprocess.DEVNULL)
            (wheel,) = Path(folder).glob("*.whl")
            shutil.copyfile(wheel, TARGET / f"{package}.whl")


if __name__ == "__main__":
    main()
