"""`check_training` is silent on models and losses of many kinds, none of which has anything wrong with it."""

from __future__ import annotations

import random

import pytest

np = pytest.importorskip("numpy")

from micrograd import nn  # noqa: E402
from micrograd.engine import Tensor, exp, jit, relu  # noqa: E402
from micrograd.nn.checks import check_training  # noqa: E402

rng = np.random.default_rng(0)
X = rng.normal(size=(32, 4))
CLASSES = X[:, :3].argmax(axis=1)
IMAGES = rng.normal(size=(32, 1, 6, 6))
SEQUENCES = rng.normal(size=(32, 5, 4))
WORDS = rng.integers(0, 20, size=(16, 8))
SOUND = []


def sound(function):
    SOUND.append(function)
    return function


def mlp(outputs, activation=nn.ReLU):
    return nn.Sequential(nn.Linear(4, 16, rng=0), activation(), nn.Linear(16, outputs, rng=1))


@sound
def convolutions():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, rng=0), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 8, 3, padding=1, rng=1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2, rng=2),
    )  # fmt: skip
    y = (IMAGES.mean(axis=(1, 2, 3)) > 0).astype(int)
    return model, nn.cross_entropy, (IMAGES, y), nn.Adam(model.parameters(), lr=1e-3)


class LanguageModel(nn.Module):
    def __init__(self):
        self.words, self.places = nn.Embedding(20, 16, rng=0), nn.Embedding(8, 16, rng=1)
        self.block, self.norm, self.head = nn.TransformerBlock(16, 2, rng=2), nn.LayerNorm(16), nn.Linear(16, 20, rng=3)

    def forward(self, x):
        return self.head(self.norm(self.block(self.words(x) + self.places(np.arange(x.shape[1])))))


@sound
def a_language_model():
    def loss(logits, targets):
        return nn.cross_entropy(logits.reshape(-1, 20), targets.reshape(-1))

    model = LanguageModel()
    return model, loss, (WORDS, np.roll(WORDS, -1, axis=1)), nn.AdamW(model.parameters(), lr=1e-3)


class Recurrent(nn.Module):
    def __init__(self):
        self.cell, self.head = nn.GRUCell(4, 16, rng=0), nn.Linear(16, 2, rng=1)

    def forward(self, x):
        h = Tensor(np.zeros((x.shape[0], 16)))
        for t in range(x.shape[1]):
            h = self.cell(x[:, t], h)
        return self.head(h)


@sound
def recurrence():
    model = Recurrent()
    y = (SEQUENCES.sum(axis=(1, 2)) > 0).astype(int)
    return model, nn.cross_entropy, (SEQUENCES, y), nn.Adam(model.parameters(), lr=1e-2)


class Residual(nn.Module):
    def __init__(self):
        self.first, self.last = nn.Linear(4, 16, rng=0), nn.Linear(16, 3, rng=3)
        self.a, self.b = nn.Linear(16, 16, rng=1), nn.Linear(16, 16, rng=2)

    def forward(self, x):
        h = self.first(x)
        return self.last(h + self.b(relu(self.a(h))))


@sound
def skip_connections():
    return Residual(), nn.cross_entropy, (X, CLASSES), None


@sound
def an_autoencoder():
    # Nothing between the two layers in the middle: what passes there is two numbers, and that is the point of it.
    model = nn.Sequential(
        nn.Linear(4, 8, rng=0),
        nn.Tanh(),
        nn.Linear(8, 2, rng=1),
        nn.Linear(2, 8, rng=2),
        nn.Tanh(),
        nn.Linear(8, 4, rng=3),
    )
    return model, nn.mse_loss, (X, X), nn.Adam(model.parameters(), lr=1e-2)


@sound
def a_deep_net():
    layers = [part for k in range(6) for part in (nn.Linear(4 if k == 0 else 16, 16, rng=k), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Linear(16, 3, rng=9))
    return model, nn.cross_entropy, (X, CLASSES), nn.SGD(model.parameters(), lr=0.1)


@sound
def dropout():
    model = nn.Sequential(nn.Linear(4, 64, rng=0), nn.ReLU(), nn.Dropout(0.5, rng=1), nn.Linear(64, 3, rng=2))
    return model, nn.cross_entropy, (X, CLASSES), nn.SGD(model.parameters(), lr=0.1, momentum=0.9)


@sound
def random_labels():
    return mlp(3), nn.cross_entropy, (X, rng.integers(0, 3, size=32)), None


@sound
def probabilities_as_targets():
    return mlp(3), nn.cross_entropy, (X, np.eye(3)[CLASSES]), None


@sound
def label_smoothing():
    return mlp(3), lambda out, y: nn.cross_entropy(out, y, label_smoothing=0.1), (X, CLASSES), None


@sound
def yes_or_no():
    return mlp(1), nn.binary_cross_entropy_with_logits, (X, (X[:, :1] > 0).astype(float)), None


@sound
def softmax_with_squares():
    model = nn.Sequential(nn.Linear(4, 16, rng=0), nn.GELU(), nn.Linear(16, 3, rng=1), nn.Softmax())
    return model, nn.mse_loss, (X, np.eye(3)[CLASSES]), None


@sound
def a_likelihood_of_two_outputs():
    def loss(out, y):
        return (0.5 * (y - out[:, 0]) ** 2 * exp(-out[:, 1]) + 0.5 * out[:, 1]).mean()

    return mlp(2), loss, (X, X[:, 0]), None


@sound
def a_model_that_returns_two_things():
    class Two(nn.Module):
        def __init__(self):
            self.body, self.a, self.b = nn.Linear(4, 8, rng=0), nn.Linear(8, 3, rng=1), nn.Linear(8, 1, rng=2)

        def forward(self, x):
            h = relu(self.body(x))
            return self.a(h), self.b(h)

    def loss(out, y):
        return nn.cross_entropy(out[0], y) + (out[1] ** 2).mean()

    return Two(), loss, (X, CLASSES), None


@sound
def a_loss_that_asserts():
    def loss(out, y):
        assert len(out.shape) == 2 and out.shape[0] == 32, "this batch and no other"
        return nn.mse_loss(out, y)

    return mlp(1), loss, (X, X[:, :1]), None


@sound
def a_compiled_model():
    model = mlp(3)
    return jit(model), nn.cross_entropy, (X, CLASSES), model


@sound
def a_scalar_net():
    model = nn.MLP(2, [8, 1], rng=random.Random(0))
    return model, nn.hinge_loss, (X[:12, :2], np.sign(X[:12, 0])), nn.SGD(model.parameters(), lr=0.1)


@pytest.mark.parametrize("make", SOUND)
def test_nothing_is_said_of_what_is_sound(make):
    model, loss, batch, more = make()
    given = {"parameters": more} if isinstance(more, nn.Module) else {"optimizer": more}
    report = check_training(model, loss, batch, **given)
    assert report.kinds == [], str(report)
