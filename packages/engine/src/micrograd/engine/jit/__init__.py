"""From scalar code to what an expert would have written: trace, lift, differentiate, run.

In processing order: `trace.py` runs a function once and writes down its scalar operations (`tape.py`) and its array
operations (`symbols.py`); `passes/` turn the tape into a `Program` of few array instructions (`program.py`),
differentiate it and tidy it; `backends/` run it; `api.py` is the face, `jit(f)`.
"""
