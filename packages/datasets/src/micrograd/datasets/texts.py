"""A text to learn letters from, written for this package, so that it may go wherever the code goes."""

from __future__ import annotations

from importlib.resources import files


def tiny_text() -> str:
    """Two stories of together some five thousand characters, for language models that learn within seconds.

    Plain English prose in ASCII, in which words and phrases come again and again, so that a small model has something
    to find. It was written for this package and stands under its licence.

    >>> text = tiny_text()
    >>> text.splitlines()[0], len(text), len(set(text))
    ('The keeper of the light', 4971, 44)

    A model of letters wants numbers, which are places in the sorted alphabet:

    >>> alphabet = sorted(set(text))
    >>> numbers = [alphabet.index(letter) for letter in text]
    >>> "".join(alphabet[number] for number in numbers[:10])
    'The keeper'
    """
    return files("micrograd.datasets").joinpath("tiny_text.txt").read_text("utf-8")
