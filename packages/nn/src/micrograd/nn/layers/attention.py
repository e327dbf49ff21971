"""Attention: every place of a sequence looks at every other, as strongly as it is asked to."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradValueError
from micrograd.engine.ops.arrays.shapes import permute_dims, reshape
from micrograd.engine.ops.neural.attention import scaled_dot_product_attention
from micrograd.engine.ops.neural.linear import linear
from micrograd.engine.tensor import Tensor
from micrograd.nn import init
from micrograd.nn.layers.activation_layers import GELU
from micrograd.nn.layers.checks import require_features
from micrograd.nn.layers.containers import Sequential
from micrograd.nn.layers.dropout import Dropout
from micrograd.nn.layers.linear import Linear
from micrograd.nn.layers.normalization import LayerNorm
from micrograd.nn.module import Module
from micrograd.nn.validation import real_number, whole_number


class MultiHeadAttention(Module):
    """softmax(Q K.T / sqrt(head size)) V in several heads, whose results are joined and mixed.

    Args:
        embed_dim: How many numbers each place has; the heads divide them among themselves.
        num_heads: How many heads.
        dropout: The probability with which, in training, a place isn't looked at.
        bias: Whether the maps have biases.
        dtype: The dtype of the parameters.
        rng: Where they are drawn from, as PyTorch draws those of `nn.MultiheadAttention`.

    Attributes:
        in_proj_weight: The maps to queries, keys and values, one above the other: (3 * embed_dim, embed_dim).
        out_proj: The map that mixes the heads.

    Raises:
        MicrogradValueError: If the heads don't divide embed_dim, or a call's last axis hasn't embed_dim entries.

    Example:
        >>> import numpy as np
        >>> MultiHeadAttention(8, 2, rng=0)(np.zeros((3, 5, 8))).shape
        (3, 5, 8)

    Reference: Vaswani et al., "Attention is all you need" (2017), arXiv:1706.03762.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        dtype: Any = None,
        rng: init.Rng = None,
    ) -> None:
        self.embed_dim = whole_number(embed_dim, "embed_dim", "MultiHeadAttention(64, 4)")
        self.num_heads = whole_number(num_heads, "num_heads", "MultiHeadAttention(64, 4)")
        if self.embed_dim % self.num_heads:
            raise MicrogradValueError(f"num_heads={num_heads} doesn't divide embed_dim={embed_dim}.")
        source = init.generator(rng)
        rows = 3 * self.embed_dim
        weight = init.xavier_uniform((rows, self.embed_dim), rng=source)
        self.in_proj_weight = Tensor(weight, requires_grad=True, dtype=dtype)
        self.in_proj_bias = Tensor(init.zeros((rows,)), requires_grad=True, dtype=dtype) if bias else None
        self.out_proj = Linear(self.embed_dim, self.embed_dim, bias=bias, dtype=dtype, rng=source)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data[...] = 0.0
        self.dropout, self.rng = dropout, source

    def forward(
        self, query: Any, key: Any = None, value: Any = None, attn_mask: Any = None, is_causal: bool = False
    ) -> Any:
        """Attend.

        Args:
            query: Shape (samples, places, embed_dim).
            key: What is looked at, of the same width; the queries themselves unless given.
            value: What is taken from there; the keys unless given.
            attn_mask: True where a place may be looked at (or numbers to add), shape (places, looked at).
            is_causal: Whether no place sees those after it.

        Returns:
            Shape (samples, places, embed_dim).
        """
        key = query if key is None else key
        value = key if value is None else value
        heads = [self._part(x, n) for n, x in enumerate((query, key, value))]
        attended = scaled_dot_product_attention(
            heads[0],
            heads[1],
            heads[2],
            attn_mask=attn_mask,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=is_causal,
            rng=self.rng,
        )
        joined = permute_dims(attended, axes=(0, 2, 1, 3))
        return self.out_proj(reshape(joined, shape=(*joined.shape[:2], self.embed_dim)))

    def _part(self, x: Any, number: int) -> Any:
        """Queries, keys or values, one row of matrices a head: (samples, heads, places, head size)."""
        x = require_features(x, self.embed_dim, self)
        if len(x.shape) != 3:
            raise MicrogradValueError(
                f"{self.title()} expects shape (samples, places, {self.embed_dim}), but was given {tuple(x.shape)}."
            )
        rows = slice(number * self.embed_dim, (number + 1) * self.embed_dim)
        bias = None if self.in_proj_bias is None else self.in_proj_bias[rows]
        mapped = linear(x, self.in_proj_weight[rows], bias)
        size = self.embed_dim // self.num_heads
        return permute_dims(reshape(mapped, shape=(*x.shape[:2], self.num_heads, size)), axes=(0, 2, 1, 3))

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

    def forward(self, x: Any) -> Any:
        """Shape (samples, places, embed_dim)."""
        x = x + self.dropout(self.attention(self.norm1(x), is_causal=self.is_causal))
        return x + self.dropout(self.mlp(self.norm2(x)))
