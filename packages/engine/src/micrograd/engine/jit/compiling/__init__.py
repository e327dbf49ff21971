"""From what was traced to the program that runs: through the passes, and from the disk where it was done before.

`compilation.py` goes through the passes, and `batched.py` does so for `jit(vmap(f))`. `lifted.py` is the part from a
tape to arrays; `remembered.py` keeps its results for the next process. `stages.py` is a program between two passes.
"""
