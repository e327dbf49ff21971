"""From scalar code to what an expert would have written: trace, lift, differentiate, run.

In processing order: `tracing/` runs a function once and writes down its scalar operations (a tape) and its array
operations (`symbols.py`); `compiling/` takes these through the `passes/`, which turn the tape into a `Program` of few
array instructions (`program.py`), differentiate it and tidy it; `backends/` run it, in `calls/` or in whole training
steps (`stepping/`); `captures/` watches what the function knows from elsewhere. `api.py` is the face, `jit(f)`.
"""
