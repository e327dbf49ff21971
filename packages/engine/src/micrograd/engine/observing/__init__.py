"""Who looks on while code runs; while nobody does, it costs a look at an empty list.

`recording.py` says whether operations are recorded (`no_grad`), and who watches them; `listeners.py` who hears of the
steps of a training; `changes.py` how often a setting was changed; `copies.py` which copies of Values' numbers are still
right; `owners.py` whose parameters the leaves of a graph are; `user_code.py` which of the running calls is the user's
own.
"""
