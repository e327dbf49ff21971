"""Attention: every place of a sequence looks at every other, as strongly as it is asked to."""

from __future__ import annotations

from typing import Any

import numpy as np

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.reductions import mean
from micrograd.engine.ops.arrays.shapes import permute_dims, reshape
from micrograd.engine.ops.linear_algebra.products import matmul
from micrograd.engine.ops.neural.attention import scaled_dot_product_attention
from micrograd.engine.ops.neural.linear import linear
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.layers.activation_layers import GELU
from micrograd.nn.layers.attention_masks import joined_mask
from micrograd.nn.layers.checks import require_features
from micrograd.nn.layers.containers import Sequential
from micrograd.nn.layers.dropout import Dropout
from micrograd.nn.layers.linear import Linear
from micrograd.nn.layers.normalization import LayerNorm
from micrograd.nn.module import Module
from micrograd.nn.validation import real_number, share, whole_number


class MultiHeadAttention(Module):
    """softmax(Q K.T / sqrt(head size)) V in several heads, whose results are joined and mixed.

    Masks are those of PyTorch's `nn.MultiheadAttention`: True is what may *not* be looked at. (In the function
    `scaled_dot_product_attention` True is what may, there and here.)

    Args:
        embed_dim: How many numbers each place has; the heads divide them among themselves.
        num_heads: How many heads.
        dropout: The probability with which, in training, a place isn't looked at.
        bias: Whether the maps have biases.
        batch_first: Whether the samples come first, (samples, places, embed_dim), rather than second.
        dtype: The dtype of the parameters.
        rng: Where they are drawn from, as PyTorch draws those of `nn.MultiheadAttention`.

    Attributes:
        in_proj_weight: The maps to queries, keys and values, one above the other: (3 * embed_dim, embed_dim).
        out_proj: The map that mixes the heads.

    Raises:
        MicrogradValueError: If the heads don't divide embed_dim, or a call's last axis hasn't embed_dim entries.

    Example:
        >>> import numpy as np
        >>> attention = MultiHeadAttention(8, 2, rng=0)
        >>> attention(np.zeros((3, 5, 8))).shape
        (3, 5, 8)
        >>> is_padding = np.arange(5) >= np.array([[5], [2], [3]])       # sentences of 5, 2 and 3 words
        >>> out, weights = attention(np.zeros((3, 5, 8)), key_padding_mask=is_padding, need_weights=True)
        >>> weights.data[1, 0]
        array([0.5, 0.5, 0. , 0. , 0. ])

    Reference: Vaswani et al., "Attention is all you need" (2017), arXiv:1706.03762.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        batch_first: bool = True,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        self.embed_dim = whole_number(embed_dim, "embed_dim", "MultiHeadAttention(64, 4)")
        self.num_heads = whole_number(num_heads, "num_heads", "MultiHeadAttention(64, 4)")
        if self.embed_dim % self.num_heads:
            raise MicrogradValueError(
                f"{num_heads} heads can't share {embed_dim} numbers evenly: each takes embed_dim / num_heads of them. "
                "Write MultiHeadAttention(64, 4)."
            )
        self.batch_first = batch_first
        source = init.generator(rng)
        rows = 3 * self.embed_dim
        weight = init.xavier_uniform((rows, self.embed_dim), rng=source)
        self.in_proj_weight = Tensor(weight, requires_grad=True, dtype=dtype)
        self.in_proj_bias = Tensor(init.zeros((rows,)), requires_grad=True, dtype=dtype) if bias else None
        self.out_proj = Linear(self.embed_dim, self.embed_dim, bias=bias, dtype=dtype, rng=source)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data[...] = 0.0
        self.dropout, self.rng = share(dropout, "dropout", "MultiHeadAttention(64, 4, dropout=0.1)"), source

    def forward(
        self,
        query: Any,
        key: Any = None,
        value: Any = None,
        *,
        key_padding_mask: Any = None,
        need_weights: bool = False,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> Any:
        """Attend.

        Args:
            query: Shape (samples, places, embed_dim).
            key: What is looked at, of the same width; the queries themselves unless given.
            value: What is taken from there; the keys unless given.
            key_padding_mask: True where a key is padding, and isn't looked at (or numbers to add), shape (samples,
                looked at).
            need_weights: Whether to return the weights too.
            attn_mask: True where a place may *not* be looked at (or numbers to add), shape (places, looked at),
                or with an axis of samples, or of samples times heads, in front.
            average_attn_weights: Whether the weights are the mean over the heads.
            is_causal: Whether no place sees those after it.

        Returns:
            Shape (samples, places, embed_dim); with `need_weights` a pair of that and the weights, (samples, places,
            looked at), or of each head, (samples, heads, places, looked at). A place that may look nowhere gets zeros.
        """
        key = query if key is None else key
        value = key if value is None else value
        queries, keys, values = (self._part(x, n) for n, x in enumerate((query, key, value)))
        mask = joined_mask(attn_mask, key_padding_mask, is_causal, (*queries.shape[:3], keys.shape[2]), self.title())
        dropout = self.dropout if self.training else 0.0
        settings: dict[str, Any] = {"attn_mask": mask, "dropout_p": dropout, "rng": self.rng}
        if not need_weights:
            return self._mixed(scaled_dot_product_attention(queries, keys, values, **settings))
        # Of values that are the rows of the identity, attention makes the weights themselves.
        weights = scaled_dot_product_attention(queries, keys, np.eye(keys.shape[2], dtype=keys.dtype), **settings)
        return self._mixed(matmul(weights, values)), mean(weights, axis=1) if average_attn_weights else weights

    def _mixed(self, attended: Any) -> Any:
        """The results of the heads, (samples, heads, places, head size), side by side and mixed."""
        joined = permute_dims(attended, axes=(0, 2, 1, 3) if self.batch_first else (2, 0, 1, 3))
        return self.out_proj(reshape(joined, shape=(*joined.shape[:2], self.embed_dim)))

    def _part(self, x: Any, number: int) -> Any:
        """Queries, keys or values, one row of matrices a head: (samples, heads, places, head size)."""
        x = require_features(x, self.embed_dim, self)
        if len(x.shape) != 3:
            axes = "samples, places" if self.batch_first else "places, samples"
            raise MicrogradValueError(
                f"{self.title()} expects shape ({axes}, {self.embed_dim}), but was given {tuple(x.shape)}."
            )
        rows = slice(number * self.embed_dim, (number + 1) * self.embed_dim)
        bias = None if self.in_proj_bias is None else self.in_proj_bias[rows]
        mapped = linear(x, self.in_proj_weight[rows], bias)
        size = self.embed_dim // self.num_heads
        heads = reshape(mapped, shape=(*x.shape[:2], self.num_heads, size))
        return permute_dims(heads, axes=(0, 2, 1, 3) if self.batch_first else (1, 2, 0, 3))

    def settings(self) -> str:
        """Width and heads."""
        return f"{self.embed_dim}, {self.num_heads}"


class TransformerBlock(Module):
    """Attention, then a small net at every place, each behind a layer norm and added to what came in.

    x = x + attention(norm1(x));  x = x + mlp(norm2(x))

    Args:
        embed_dim: How many numbers each place has.
        num_heads: Heads of the attention.
        mlp_ratio: How many times as wide the net is inside.
        dropout: The probability of dropout, in training, after either part.
        is_causal: Whether no place sees those after it, as in a language model.
        dtype: The dtype of the parameters.
        rng: Where they are drawn from.

    Example:
        >>> import numpy as np
        >>> block = TransformerBlock(8, 2, rng=0)
        >>> block(np.zeros((3, 5, 8))).shape
        (3, 5, 8)

    Reference: the block of GPT-2, with the norms in front: Xiong et al. (2020), arXiv:2002.04745.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        mlp_ratio: float = 4.0,
        dropout: float = 0.0,
        is_causal: bool = True,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        source = init.generator(rng)
        width = whole_number(embed_dim, "embed_dim", "TransformerBlock(64, 4)")
        inner = round(width * real_number(mlp_ratio, "mlp_ratio", "TransformerBlock(64, 4, mlp_ratio=4.0)"))
        self.is_causal = is_causal
        self.norm1 = LayerNorm(embed_dim, dtype=dtype)
        self.attention = MultiHeadAttention(embed_dim, num_heads, dropout=dropout, dtype=dtype, rng=source)
        self.norm2 = LayerNorm(embed_dim, dtype=dtype)
        self.mlp = Sequential(
            Linear(embed_dim, inner, dtype=dtype, rng=source), GELU(), Linear(inner, embed_dim, dtype=dtype, rng=source)
        )
        self.dropout = Dropout(dropout, rng=source)

    def forward(self, x: Any, attn_mask: Any = None, key_padding_mask: Any = None) -> Any:
        """Shape (samples, places, embed_dim); the masks are those of `MultiHeadAttention`."""
        masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask, "is_causal": self.is_causal}
        x = x + self.dropout(self.attention(self.norm1(x), **masks))
        return x + self.dropout(self.mlp(self.norm2(x)))
