"""The passes, in the order in which they run: each turns a tape or a program into a simpler one.

On the tape: `folding`, `dead`, `sums`. From the tape to a program: `grouping`, `affine`, `lifting`. On the program:
`reverse`, `subexpressions`, `dead`.
"""
