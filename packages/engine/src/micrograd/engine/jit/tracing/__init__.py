"""From a function to what it computed: one run on stand-ins, which writes every operation down.

Scalar code goes to a tape (`scalar_trace.py`, on the stand-ins of `traced_value.py`), array code to the instructions of
a program (`trace.py`, with `nested.py` for a `vmap` inside). `chance.py` keeps random generators as they were.
"""
