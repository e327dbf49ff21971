"""Makes the pictures of the README, from a run of examples/moons.py as it stands.

python docs/assets/make_readme_pictures.py
"""

import runpy
from pathlib import Path

import matplotlib as mpl

from micrograd.nn import plots

HERE = Path(__file__).parent
MOONS = HERE.parents[1] / "examples" / "moons.py"


def main():
    """Train as the example does, and draw what the README shows."""
    example = runpy.run_path(str(MOONS))
    data, model, history = example["train"](example["arguments"]([]))
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(11.0, 4.4), layout="constrained")
    plots.decision_boundary(model, data.X, data.y, left, resolution=200)
    plots.history(history, right)
    # No metadata, so that the file changes only when the picture does.
    figure.savefig(HERE / "moons.png", dpi=120, metadata={"Software": None})
    example["draw_neuron"](model.layers[0].neurons[0], data.X.tolist()).save(HERE / "neuron.svg")


if __name__ == "__main__":
    main()
