"""A call of what was compiled: data in, program run, and out come Values and Tensors whose `backward()` runs it.

`compiled.py` is of array programs, `scalar_compiled.py` of those that don't lift, `results.py` of what either returns;
`gathered.py` holds the parameters' numbers from call to call.
"""
