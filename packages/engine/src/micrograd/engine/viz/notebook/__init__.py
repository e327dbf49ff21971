"""What Values, Tensors, modules and programs show of themselves in a notebook, with no call at all.

Each is a card of HTML that stands by itself: bounded in size and in the time that it takes, however large the thing
is, without scripts, and with everything that a user wrote escaped.
"""
