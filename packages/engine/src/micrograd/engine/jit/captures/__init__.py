"""What a compiled function knows beside its arguments.

`walk.py` finds what it knows from elsewhere, with `attributes.py` for those of objects, classes and modules,
`contents.py` tells whether that changed, `versions.py` keeps a program for each state. `hosted.py` is what a program is
handed anew before every run: random draws, arrays that a module keeps.
"""
