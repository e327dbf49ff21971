"""The debugger of backpropagation: a page that steps through a recorded graph, forward and backward.

In processing order: `steps.py` takes the graph apart into operations with their numbers. `dominators.py`, `spines.py`
and `parts.py` recognise sums over samples and modules; `samples.py`, `layers.py` and `leaves.py` make boxes of these,
and `groups.py` the whole tree of boxes, which `placing.py` lays out. `formulas.py` knows how derivatives are written,
`arrays.py` how an array is shown. `payload.py` writes it all down for the page, and `api.py` is what a user calls.
`expansion.py` shows an operation on Tensors in Values. The page itself is `debugger.html`, `debugger.css` and the files
in `script/`.
"""
