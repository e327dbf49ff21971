"""Layers on Tensors, with PyTorch's names, arguments and defaults; one idea a file."""
