"""`vmap`: a function written for one row runs on a whole batch.

`api.py` is `vmap` itself, `batched.py` the tracers that carry the rows, and `tracer.py` what the rest of the engine
knows of these; `rules.py` is what becomes of each primitive.
"""
