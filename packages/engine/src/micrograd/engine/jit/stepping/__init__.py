"""A training step with the optimiser's update in one program, and parameters that stay in its arrays.

`steps.py` runs it; `store.py` is the home of scalar parameters, `homes.py` that of Tensors.
"""
