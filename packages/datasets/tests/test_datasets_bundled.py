import numpy as np
import pytest
from sklearn import datasets as theirs

from micrograd.datasets import breast_cancer, diabetes, digits, iris, wine


@pytest.mark.parametrize("load", [iris, wine, breast_cancer, digits])
def test_as_in_scikit_learn(load):
    raw = getattr(theirs, f"load_{load.__name__}")()
    data = load()
    assert np.array_equal(data.X, raw.data)
    assert np.array_equal(data.y, raw.target)
    assert data.feature_names == tuple(raw.feature_names)
    assert data.target_names == tuple(str(name) for name in raw.target_names)
    assert data.name == load.__name__


def test_diabetes_is_unscaled():
    data = diabetes()
    assert data.task == "regression"
    assert data.X[0, 0] == 59
    scaled = theirs.load_diabetes().data
    np.testing.assert_allclose(data.standardize().X / np.sqrt(len(data)), scaled, atol=1e-4)


@pytest.mark.parametrize("load", [iris, wine, breast_cancer, digits, diabetes])
def test_the_description_cites_its_source(load):
    assert "Source: " in load().description
    assert ">>>" not in load().description
    assert load() == load()


@pytest.mark.parametrize("load", [iris, wine, breast_cancer, digits, diabetes])
def test_the_whole_way_to_batches(load):
    train, test = load().split(0.3, seed=1)
    train, test = train.standardize(test)
    assert np.isfinite(test.X).all()
    assert sum(len(X) for X, _ in train.batches(64)) == len(train)
