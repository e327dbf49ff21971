"""Measure everything anew that the documentation quotes, into `results/`; takes about an hour, on a quiet machine.

python benchmarks/record.py                   # all of it
python benchmarks/record.py seed rows         # these records
python benchmarks/record.py --clock cpu       # on a machine that others use too
python docs/generate                          # afterwards: the pages that quote them
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

TRAININGS = "--baseline pytorch_eager --contenders micrograd_fit,micrograd_fit_jit,pytorch_eager,pytorch_loader"
ROWS = "numpy_by_hand,jax_jit,pytorch_eager,micrograd_jit,micrograd_jit_numpy"
CHAINS = "micrograd_scalar,micrograd_010,pytorch_eager,mygrad_tensor"
COMMANDS = {
    "seed": "run.py --rounds 11 --baseline c_by_hand",
    "rows": f"run.py --jobs rows --rounds 11 --baseline numpy_by_hand --contenders {ROWS}",
    "digits": f"run.py --jobs digits --rounds 7 {TRAININGS}",
    "digits_single": f"run.py --jobs digits_single --rounds 7 {TRAININGS}",
    "convnet": f"run.py --jobs convnet --rounds 5 --epochs 15 {TRAININGS}",
    "chain": f"run.py --jobs chain --rounds 5 --contenders {CHAINS}",
    "estimators": "estimators.py",
    "curves": "curves.py",
}
WITHOUT_CLOCK = ("chain",)


def main() -> int:
    """Run them one after the other; 1 if one failed, whose old record stays."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="*", help=f"of {', '.join(COMMANDS)} (default: all)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="cpu on a machine that others use too")
    settings = parser.parse_args()
    if unknown := set(settings.records) - set(COMMANDS):
        parser.error(f"there is no record {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    failed = [name for name in settings.records or COMMANDS if not _recorded(name, settings.clock)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def _recorded(name: str, clock: str) -> bool:
    script, *options = COMMANDS[name].split()
    if clock != "wall" and name not in WITHOUT_CLOCK:
        options += ["--clock", clock]
    command = [f"benchmarks/{script}", *options, "--json", f"benchmarks/results/{name}.json"]
    print("$ python", *command, flush=True)
    # Only what git has is measured: no code of machine that an earlier run kept, one thread for scikit-learn too.
    environment = {**os.environ, "MICROGRAD_CACHE": "", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
