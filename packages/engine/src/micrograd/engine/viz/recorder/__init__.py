"""A training as a page that one can scrub through: `record` takes it down, `Tape.to_html` writes it.

In processing order: `recording.py` listens to the training and cuts it into steps; `tracking.py` says which numbers are
followed, `boundary.py` asks the model what it says of the plane, `sample_graph.py` runs one sample, `rules.py` reads an
optimiser's rule as formulas, `frames.py` keeps what fits into the budget; `tape.py` makes the page, which
`recording.css` and `recording.js` bring to life.
"""
