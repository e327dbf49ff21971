"""The transformer of scalars in examples/: compiled, it is the same model, in few instructions on arrays."""

from __future__ import annotations

import random
import runpy
from pathlib import Path

import numpy as np
import pytest

from micrograd.engine import jit, vmap

EXAMPLE = runpy.run_path(str(Path(__file__).parents[1] / "examples" / "scalar_gpt.py"), run_name="example")
LETTERS, CONTEXT, WIDTH = 5, 3, 8


@pytest.fixture
def model():
    return EXAMPLE["GPT"](LETTERS, CONTEXT, WIDTH, random.Random(0))


@pytest.fixture
def texts():
    return np.eye(LETTERS)[np.random.default_rng(0).integers(LETTERS, size=(6, CONTEXT + 1))]


def gradients(model):
    found = [p.grad for p in model.parameters()]
    model.zero_grad()
    return found


def test_compiled_over_a_batch_it_has_the_loss_and_the_gradients_of_the_values(model, texts):
    surprise = EXAMPLE["surprise"]
    eager = sum(surprise(model, text.tolist()) for text in texts) / len(texts)
    eager.backward()
    expected = gradients(model)
    compiled = jit(lambda batch: vmap(lambda letters: surprise(model, letters))(batch).mean())
    loss = compiled(texts)
    loss.backward()
    assert float(loss.data) == pytest.approx(eager.data, rel=1e-12)
    np.testing.assert_allclose(gradients(model), expected, rtol=1e-9, atol=1e-14)


def test_it_lifts_to_instructions_on_arrays(model, texts):
    compiled = jit(lambda letters: EXAMPLE["surprise"](model, letters))
    compiled(texts[0]).backward()
    assert compiled.stats["trace"] > 7000
    assert compiled.stats["lifting, dead"] <= 125
    assert compiled.stats["reverse, dead"] <= 321


def test_a_guess_reads_no_letter_that_comes_later(model, texts):
    first, changed = texts[0, :CONTEXT].copy(), texts[0, :CONTEXT].copy()
    changed[-1] = np.roll(changed[-1], 1)
    before, after = (model(letters.tolist()) for letters in (first, changed))
    for k in range(CONTEXT):
        assert ([a.data for a in before[k]] == [a.data for a in after[k]]) == (k < CONTEXT - 1)
