"""Paths to parameters: `layers.0.neurons.3.w.1`, shown as `layers[0].neurons[3].w[1]`."""

from __future__ import annotations


def as_code(path: str) -> str:
    """A path as one would write it in Python.

    Example:
        >>> as_code("layers.0.neurons.3.w.1")
        'layers[0].neurons[3].w[1]'
    """
    steps = path.split(".")
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).removeprefix(".")


def owner_of(path: str) -> str:
    """The path to what has this attribute; '' for the model itself.

    Example:
        >>> owner_of("layers.0.neurons.3.w.1"), owner_of("layers.0.neurons.3"), owner_of("w")
        ('layers.0.neurons.3', 'layers.0', '')
    """
    steps = path.split(".")
    while steps and steps[-1].isdigit():
        steps.pop()
    return ".".join(steps[:-1])
