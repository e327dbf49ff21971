"""What makes a Tensor an array: NumPy's names as functions, methods and protocols, and what may be its data.

`functions.py` lists the public functions. `function_methods.py` has them as methods; `methods.py` adds the operators
and the other methods, and `absent_names.py` says what to write for names that aren't here. `numpy_protocols.py` leads
`np.exp(t)` to ours, and `conversions.py` makes plain numbers of a Tensor. `data.py` says what may be data,
`operands.py` what an op keeps of a call, `gradients.py` what may be a gradient, and `integers.py` what integers can't
hold; `quiet.py` keeps NumPy from warning, and `memory.py` the C library from handing back memory.
"""
