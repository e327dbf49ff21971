"""What was copied out sums up on the way back.

Broadcasting has stretched an array of `shape`, a pair such as `(1, 3)`, to the size of `g`: an axis of length 1 was
repeated. `g`, a list of rows, is the gradient of the stretched array. Return the gradient of the array as it was:
an array of `shape`, in which every element has the sum of what its copies received.
"""


def unbroadcast(g, shape):
    rows, columns = shape
    raise NotImplementedError("Return g, summed along each axis that was stretched.")
