"""What makes `Value` a drop-in for micrograd 0.1.0.

`names.py` has micrograd's names for the graph, `handwritten.py` the ops whose `_backward` a user wrote by hand.
"""
