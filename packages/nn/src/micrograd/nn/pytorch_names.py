"""What stands here for names of `torch.nn` and `torch.optim` that aren't here: for the message of an AttributeError."""

from __future__ import annotations

INSTEAD = {
    "BCELoss": "BCEWithLogitsLoss(), which takes logits, before the sigmoid",
    "DataLoader": "data.batches(32, seed=0) of a data set, or fit(..., batch_size=32)",
    "GRU": "GRUCell(...) in a loop over the steps",
    "LSTM": "LSTMCell(...) in a loop over the steps",
    "ModuleDict": "a dict of modules as an attribute, self.parts = {...}",
    "MultiheadAttention": "MultiHeadAttention(...)",
    "Parameter": "micrograd.engine.Tensor(data, requires_grad=True)",
    "ParameterList": "a list of Tensors as an attribute, self.weights = [...]",
    "RNN": "RNNCell(...) in a loop over the steps",
    "TransformerEncoderLayer": "TransformerBlock(..., is_causal=False)",
    "clip_grad_norm_": "clip_grad_norm(...)",
    "clip_grad_value_": "clip_grad_value(...)",
    "functional": "micrograd.engine, which has relu, softmax and the others, and micrograd.nn, which has the losses",
    "utils": "clip_grad_norm(...) and clip_grad_value(...)",
}
"""By PyTorch's name, what to write."""
