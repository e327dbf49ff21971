"""The harness of the Tensor tests finds what it is there to find."""

import pytest

np = pytest.importorskip("numpy")


def test_agreement_is_found(agrees):
    agrees(lambda x, y: x * y + x.exp(), lambda x, y: x * y + x.exp(), np.ones((2, 3)), np.full(3, 0.5))


def test_a_wrong_gradient_is_found(agrees):
    with pytest.raises(AssertionError):
        agrees(lambda x: x * x.detach(), None, np.full(3, 2.0))
