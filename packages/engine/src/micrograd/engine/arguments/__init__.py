"""What a user hands in: numbers, functions, and nested lists and dicts of numbers and arrays.

`numeric.py` says what is a number, `callables.py` what is no function, `trees.py` takes nested things apart, and
`kinds.py` is what a message calls a thing that can't be used.
"""
