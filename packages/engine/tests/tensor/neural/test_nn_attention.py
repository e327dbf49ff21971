"""Attention, dropout and embeddings against PyTorch, their generators and masks, and what they refuse."""

import pytest

np = pytest.importorskip("numpy")

from micrograd.engine.errors import MicrogradTypeError, MicrogradValueError  # noqa: E402
from micrograd.engine.ops.neural.attention import scaled_dot_product_attention  # noqa: E402
from micrograd.engine.ops.neural.lookup import embedding, one_hot  # noqa: E402
from micrograd.engine.ops.neural.regularization import dropout  # noqa: E402
from micrograd.engine.tensor import Tensor  # noqa: E402

try:
    import torch

    F = torch.nn.functional
except ImportError:
    torch = F = None

RNG = np.random.default_rng(0)
QKV = [((3, 4), (5, 4), (5, 2)), ((2, 3, 4), (2, 5, 4), (2, 5, 4)), ((2, 2, 3, 1), (2, 2, 3, 1), (2, 2, 3, 1))]


def _mask(kind, shape):
    if kind is None:
        return None
    allowed = np.random.default_rng(1).uniform(size=shape) < 0.6
    allowed[..., 0] = True
    return allowed if kind == "bool" else np.where(allowed, RNG.normal(size=shape), -np.inf)


def _as_torch(array):
    return None if array is None else torch.tensor(array)


def _in_torch(q, k, v, **given):
    """PyTorch's own formula, which it can differentiate twice, without its fused kernels."""
    from torch.nn.attention import SDPBackend, sdpa_kernel

    with sdpa_kernel(SDPBackend.MATH):
        return F.scaled_dot_product_attention(q, k, v, **given)


@pytest.mark.parametrize("shapes", QKV)
@pytest.mark.parametrize("given", [{}, {"is_causal": True}, {"scale": 0.3}, {"mask": "bool"}, {"mask": "float"}])
def test_attention_agrees_with_torch(agrees, shapes, given):
    settings = dict(given)
    mask = _mask(settings.pop("mask", None), (shapes[0][-2], shapes[1][-2]))
    agrees(
        lambda q, k, v: scaled_dot_product_attention(q, k, v, mask, **settings),
        lambda q, k, v: _in_torch(q, k, v, attn_mask=_as_torch(mask), **settings),
        *(RNG.normal(size=shape) for shape in shapes),
    )


def test_a_mask_is_differentiated_too(agrees):
    agrees(
        scaled_dot_product_attention,
        lambda q, k, v, m: _in_torch(q, k, v, attn_mask=m),
        *(RNG.normal(size=shape) for shape in ((2, 3, 4), (2, 5, 4), (2, 5, 2), (3, 5))),
    )


@pytest.mark.parametrize("kind", ["bool", "float"])
def test_a_query_that_may_look_nowhere_gives_zeros(kind):
    mask = np.array([[True, False], [False, False]])
    mask = mask if kind == "bool" else np.where(mask, 0.0, -np.inf)
    q, k, v = (Tensor(RNG.normal(size=(2, 3)), requires_grad=True) for _ in range(3))
    out = scaled_dot_product_attention(q, k, v, mask)
    out.sum().backward()
    np.testing.assert_array_equal(out.data[1], 0.0)
    np.testing.assert_allclose(out.data[0], v.data[0])
    assert all(np.isfinite(t.grad).all() for t in (q, k, v))


def test_attention_with_dropout_is_repeatable_and_right_on_average():
    q, k, v = (RNG.normal(size=(4, 3)) for _ in range(3))
    first, second = (
        scaled_dot_product_attention(q, k, v, dropout_p=0.5, rng=np.random.default_rng(7)) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    rng = np.random.default_rng(0)
    many = [scaled_dot_product_attention(q, k, v, dropout_p=0.2, rng=rng) for _ in range(3000)]
    np.testing.assert_allclose(np.mean(many, axis=0), scaled_dot_product_attention(q, k, v), atol=0.05)


@pytest.mark.parametrize(
    ("case", "error"),
    [
        (lambda q, m: scaled_dot_product_attention(q, q, q, m, is_causal=True), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q, q, q, m.astype(int)), MicrogradTypeError),
        (lambda q, m: scaled_dot_product_attention(q, q, q, m[:, :2]), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q, q[:, :2], q), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q, q[:2], q), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q[0], q, q), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q, q, q, dropout_p=0.1), MicrogradTypeError),
        (lambda q, m: scaled_dot_product_attention(q, q, q, dropout_p=1.0), MicrogradValueError),
        (lambda q, m: scaled_dot_product_attention(q, q, q.astype(int)), MicrogradTypeError),
        (lambda q, m: scaled_dot_product_attention(q.tolist(), q, q), MicrogradTypeError),
    ],
)
def test_attention_refuses_what_does_not_fit(case, error):
    with pytest.raises(error):
        case(np.ones((3, 4)), np.ones((3, 3), bool))


# ---- dropout -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_dropout_zeroes_and_scales(p, dtype):
    x = Tensor(np.ones((200, 100), dtype), requires_grad=True)
    out = dropout(x, p, np.random.default_rng(0))
    out.sum().backward()
    kept = out.data != 0
    assert out.dtype == x.grad.dtype == dtype
    np.testing.assert_allclose(kept.mean(), 1 - p, atol=0.01)
    np.testing.assert_allclose(out.data[kept], 1 / (1 - p), rtol=1e-6)
    np.testing.assert_array_equal(x.grad, out.data)


def test_dropout_draws_anew_from_its_generator_and_from_nowhere_else():
    x, rng = np.ones(50), np.random.default_rng(3)
    first, second = dropout(x, rng=rng), dropout(x, rng=rng)
    assert (first != second).any()
    np.testing.assert_array_equal(first, dropout(x, rng=np.random.default_rng(3)))


def test_outside_of_training_dropout_is_the_identity():
    x = Tensor(np.ones(3))
    assert dropout(x, 0.5, training=False) is x
    assert dropout(x, 0.0) is x


def test_dropout_has_derivatives_of_every_order(agrees):
    agrees(lambda x: dropout(x, 0.4, np.random.default_rng(1)) ** 2, None, RNG.normal(size=(3, 4)))


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, np.nan])
def test_dropout_refuses_a_probability_out_of_range(p):
    for training in (True, False):
        with pytest.raises(MicrogradValueError, match="probability"):
            dropout(np.ones(3), p, np.random.default_rng(0), training)


@pytest.mark.parametrize("rng", [None, 0, np.random])
def test_dropout_refuses_to_draw_from_anything_but_a_generator(rng):
    with pytest.raises(MicrogradTypeError, match="default_rng"):
        dropout(np.ones(3), 0.5, rng)


def test_dropout_refuses_integers():
    with pytest.raises(MicrogradTypeError, match="real numbers"):
        dropout(np.ones(3, int), 0.5, np.random.default_rng(0))


# ---- embeddings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (0,)])
@pytest.mark.parametrize("padding_idx", [None, 1, -1])
def test_embedding_agrees_with_torch(agrees, shape, padding_idx):
    rows = np.asarray(RNG.integers(0, 3, size=shape))
    agrees(
        lambda w: embedding(rows, w, padding_idx) ** 2,
        (lambda w: F.embedding(torch.tensor(rows), w, padding_idx) ** 2),
        RNG.normal(size=(3, 2)),
        numeric=padding_idx is None,
        second=0 not in shape,  # there PyTorch fails by itself
    )


def test_rows_that_occur_twice_receive_both():
    table = Tensor(np.zeros((4, 2), np.float32), requires_grad=True)
    embedding(Tensor(np.array([[1, 1], [3, 1]])), table).sum().backward()
    assert table.grad.dtype == np.float32
    np.testing.assert_array_equal(table.grad, [[0, 0], [3, 3], [0, 0], [1, 1]])


@pytest.mark.parametrize("bad", [-1, 3])
def test_embedding_refuses_a_number_out_of_range(bad):
    for table in (np.zeros((3, 2)), Tensor(np.zeros((3, 2)))):
        with pytest.raises(MicrogradValueError, match=f"index {bad} .*3 rows"):
            embedding(np.array([0, bad]), table)


def test_embedding_refuses_what_does_not_fit():
    for case, error in (
        (lambda: embedding(np.array([0.0]), np.zeros((3, 2))), MicrogradTypeError),
        (lambda: embedding(np.array([True]), np.zeros((3, 2))), MicrogradTypeError),
        (lambda: embedding([0], np.zeros((3, 2))), MicrogradTypeError),
        (lambda: embedding(np.array([0]), np.zeros((3, 2), int)), MicrogradTypeError),
        (lambda: embedding(np.array([0]), np.zeros(3)), MicrogradValueError),
        (lambda: embedding(np.array([0]), np.zeros((3, 2)), 3), MicrogradValueError),
        (lambda: one_hot(np.array([3]), 3), MicrogradValueError),
        (lambda: one_hot(np.array([1.0]), 3), MicrogradTypeError),
    ):
        with pytest.raises(error):
            case()


def test_a_row_that_is_not_there_says_how_to_have_it():
    with pytest.raises(MicrogradValueError, match=r"the index 3 .* Make a table of at least 4 rows, or number what"):
        embedding(np.array([3]), np.ones((3, 2)))
    with pytest.raises(MicrogradValueError, match=r"numbered from 0 to 2\. Number what you look up from 0"):
        embedding(np.array([-1]), np.ones((3, 2)))


def test_one_hot():
    labels = np.array([[0, 2], [1, 1]])
    np.testing.assert_array_equal(one_hot(labels, 3), np.eye(3)[labels])
    assert one_hot(labels, 3, dtype=np.float32).dtype == np.float32
    assert one_hot(np.zeros((0,), int), 3).shape == (0, 3)
