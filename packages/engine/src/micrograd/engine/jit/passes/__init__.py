"""The passes, in the order in which they run: each turns a tape or a program into a simpler one.

On the tape: `folding`, `dead_entries`, `sums`. From the tape to a program: `grouping`, `layout`, `affine`, `lifting`.
On the program: `rows`, `reverse`, `subexpressions`, `dead_instructions`. Where there is no NumPy, `scalar_reverse`
differentiates the tape itself.
"""
