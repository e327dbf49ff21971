"""Every differentiable function by its public name: what `micrograd.engine` and NumPy's protocols offer."""

from __future__ import annotations

from micrograd.engine.ops.activations import (
    celu,
    elu,
    glu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
)
from micrograd.engine.ops.arrays.axes import (
    append,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_arrays,
    chunk,
    dsplit,
    dstack,
    hsplit,
    matrix_transpose,
    meshgrid,
    rollaxis,
    unbind,
    unsqueeze,
    unstack,
    vsplit,
)
from micrograd.engine.ops.arrays.casting import astype
from micrograd.engine.ops.arrays.comparing import allclose, isclose, nan_to_num
from micrograd.engine.ops.arrays.covariances import corrcoef, cov
from micrograd.engine.ops.arrays.diagonals import diag, diagflat, diagonal, trace, tril, triu
from micrograd.engine.ops.arrays.editing import block, delete, insert
from micrograd.engine.ops.arrays.indexing import getitem, index_put, scatter_add, take, take_along_axis
from micrograd.engine.ops.arrays.interpolation import interp
from micrograd.engine.ops.arrays.joining import array_split, column_stack, concatenate, hstack, split, stack, vstack
from micrograd.engine.ops.arrays.missing import (
    nancumprod,
    nancumsum,
    nanmax,
    nanmean,
    nanmin,
    nanprod,
    nanstd,
    nansum,
    nanvar,
)
from micrograd.engine.ops.arrays.padding import pad
from micrograd.engine.ops.arrays.quantiles import nanmedian, nanpercentile, nanquantile, percentile, quantile
from micrograd.engine.ops.arrays.rearranging import flip, fliplr, flipud, repeat, roll, rot90, tile
from micrograd.engine.ops.arrays.reductions import (
    all,
    amax,
    amin,
    any,
    count_nonzero,
    logsumexp,
    max,
    mean,
    min,
    std,
    var,
)
from micrograd.engine.ops.arrays.scans import cumprod, cumsum, cumulative_prod, cumulative_sum, logcumsumexp, prod
from micrograd.engine.ops.arrays.selecting import gather, index_select, masked_fill, masked_select, select, topk
from micrograd.engine.ops.arrays.shapes import (
    broadcast_to,
    expand_dims,
    flatten,
    moveaxis,
    permute_dims,
    ravel,
    reshape,
    squeeze,
    sum,
    swapaxes,
    transpose,
    unflatten,
)
from micrograd.engine.ops.arrays.slopes import gradient
from micrograd.engine.ops.arrays.sorting import argmax, argmin, argsort, median, partition, sort
from micrograd.engine.ops.arrays.summaries import average, diff, ptp, trapezoid
from micrograd.engine.ops.choices import (
    abs,
    around,
    ceil,
    clamp,
    clamp_max,
    clamp_min,
    clip,
    copysign,
    floor,
    floor_divide,
    fmax,
    fmin,
    heaviside,
    isfinite,
    isinf,
    isnan,
    maximum,
    minimum,
    round,
    sign,
    trunc,
    where,
)
from micrograd.engine.ops.elementwise import (
    absolute,
    add,
    cbrt,
    div,
    divide,
    exp,
    exp2,
    expm1,
    fmod,
    log,
    log1p,
    log2,
    log10,
    mod,
    mul,
    multiply,
    neg,
    negative,
    pow,
    power,
    reciprocal,
    remainder,
    rsqrt,
    sqrt,
    square,
    sub,
    subtract,
)
from micrograd.engine.ops.error_function import erf, erfc, gaussian
from micrograd.engine.ops.gaussian_units import gelu, gelu_slope
from micrograd.engine.ops.identity import identity, stop_gradient
from micrograd.engine.ops.linear_algebra.contractions import einsum, tensordot
from micrograd.engine.ops.linear_algebra.decompositions import cholesky, eigh, eigvalsh, svdvals
from micrograd.engine.ops.linear_algebra.determinants import det, slogdet
from micrograd.engine.ops.linear_algebra.distances import cdist
from micrograd.engine.ops.linear_algebra.factorizations import pinv, qr, svd
from micrograd.engine.ops.linear_algebra.inverses import inv, matrix_power, solve
from micrograd.engine.ops.linear_algebra.norms import cond, matrix_norm, norm, vector_norm
from micrograd.engine.ops.linear_algebra.products import (
    cross,
    dot,
    inner,
    kron,
    matmul,
    matvec,
    multi_dot,
    outer,
    vdot,
    vecdot,
    vecmat,
)
from micrograd.engine.ops.linear_algebra.tensor_equations import lstsq, tensorinv, tensorsolve
from micrograd.engine.ops.neural.attention import scaled_dot_product_attention
from micrograd.engine.ops.neural.classification import cross_entropy, nll_loss
from micrograd.engine.ops.neural.convolution import conv1d, conv2d, conv_transpose1d, conv_transpose2d
from micrograd.engine.ops.neural.folding import fold, unfold
from micrograd.engine.ops.neural.likelihoods import gaussian_nll_loss, poisson_nll_loss
from micrograd.engine.ops.neural.linear import linear
from micrograd.engine.ops.neural.lookup import embedding, one_hot
from micrograd.engine.ops.neural.losses import (
    binary_cross_entropy_with_logits,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    multilabel_soft_margin_loss,
    smooth_l1_loss,
)
from micrograd.engine.ops.neural.margins import (
    cosine_similarity,
    hinge_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    pairwise_distance,
    triplet_margin_loss,
)
from micrograd.engine.ops.neural.normalization import batch_norm, batch_norm_training, group_norm, layer_norm, rms_norm
from micrograd.engine.ops.neural.pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    avg_pool1d,
    avg_pool2d,
    max_pool1d,
    max_pool2d,
)
from micrograd.engine.ops.neural.regularization import dropout
from micrograd.engine.ops.neural.softmaxes import log_softmax, softmax, softmin
from micrograd.engine.ops.neural.vector_convolution import convolve, correlate
from micrograd.engine.ops.shrinkage import hardshrink, lerp, logit, softshrink, tanhshrink, threshold
from micrograd.engine.ops.special import logaddexp, logaddexp2, sinc, xlogy
from micrograd.engine.ops.trigonometry import (
    acos,
    acosh,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    deg2rad,
    degrees,
    hypot,
    rad2deg,
    radians,
    sin,
    sinh,
    tan,
    tanh,
)

__all__ = [
    "abs", "absolute", "acos", "acosh", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "add", "all", "allclose", "amax",
    "amin", "any", "append", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax",
    "argmin", "argsort", "around", "array_split", "asin", "asinh", "astype", "atan", "atan2", "atanh", "atleast_1d",
    "atleast_2d", "atleast_3d", "average", "avg_pool1d", "avg_pool2d", "batch_norm", "batch_norm_training",
    "binary_cross_entropy_with_logits", "block", "broadcast_arrays", "broadcast_to", "cbrt", "cdist", "ceil", "celu",
    "cholesky", "chunk", "clamp", "clamp_max", "clamp_min", "clip", "column_stack", "concatenate", "cond", "conv1d",
    "conv2d", "conv_transpose1d", "conv_transpose2d", "convolve", "copysign", "corrcoef", "correlate", "cos", "cosh",
    "cosine_similarity", "count_nonzero", "cov", "cross", "cross_entropy", "cumprod", "cumsum", "cumulative_prod",
    "cumulative_sum", "deg2rad", "degrees", "delete", "det", "diag", "diagflat", "diagonal", "diff", "div", "divide",
    "dot", "dropout", "dsplit", "dstack", "eigh", "eigvalsh", "einsum", "elu", "embedding", "erf", "erfc", "exp",
    "exp2", "expand_dims", "expm1", "flatten", "flip", "fliplr", "flipud", "floor", "floor_divide", "fmax", "fmin",
    "fmod", "fold", "gather", "gaussian", "gaussian_nll_loss", "gelu", "gelu_slope", "getitem", "glu", "gradient",
    "group_norm", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "heaviside", "hinge_loss", "hsplit", "hstack",
    "huber_loss", "hypot", "identity", "index_put", "index_select", "inner", "insert", "interp", "inv", "isclose",
    "isfinite", "isinf", "isnan", "kl_div", "kron", "l1_loss", "layer_norm", "leaky_relu", "lerp", "linear", "log",
    "log1p", "log2", "log10", "log_softmax", "logaddexp", "logaddexp2", "logcumsumexp", "logit", "logsigmoid",
    "logsumexp", "lstsq", "masked_fill", "masked_select", "matmul", "matrix_norm", "matrix_power", "matrix_transpose",
    "matvec", "max", "max_pool1d", "max_pool2d", "maximum", "mean", "median", "meshgrid", "min", "minimum", "mish",
    "mod", "moveaxis", "mse_loss", "mul", "multi_dot", "multi_margin_loss", "multilabel_margin_loss",
    "multilabel_soft_margin_loss", "multiply", "nan_to_num", "nancumprod", "nancumsum", "nanmax", "nanmean",
    "nanmedian", "nanmin", "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar", "neg", "negative",
    "nll_loss", "norm", "one_hot", "outer", "pad", "pairwise_distance", "partition", "percentile", "permute_dims",
    "pinv", "poisson_nll_loss", "pow", "power", "prelu", "prod", "ptp", "qr", "quantile", "rad2deg", "radians", "ravel",
    "reciprocal", "relu", "relu6", "remainder", "repeat", "reshape", "rms_norm", "roll", "rollaxis", "rot90", "round",
    "rsqrt", "scaled_dot_product_attention", "scatter_add", "select", "selu", "sigmoid", "sign", "silu", "sin", "sinc",
    "sinh", "slogdet", "smooth_l1_loss", "softmax", "softmin", "softplus", "softshrink", "softsign", "solve", "sort",
    "split", "sqrt", "square", "squeeze", "stack", "std", "stop_gradient", "sub", "subtract", "sum", "svd", "svdvals",
    "swapaxes", "take", "take_along_axis", "tan", "tanh", "tanhshrink", "tensordot", "tensorinv", "tensorsolve",
    "threshold", "tile", "topk", "trace", "transpose", "trapezoid", "tril", "triplet_margin_loss", "triu", "trunc",
    "unbind", "unflatten", "unfold", "unsqueeze", "unstack", "var", "vdot", "vecdot", "vecmat", "vector_norm", "vsplit",
    "vstack", "where", "xlogy",
]  # fmt: skip
