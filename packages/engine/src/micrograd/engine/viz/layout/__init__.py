"""A layered layout of boxes and arrows (Sugiyama, Tagawa, Toda 1981), which knows nothing of what the boxes hold.

In processing order: `layering.py` gives each vertex a layer, `ordering.py` an order within the layers,
`coordinates.py` a height; `sugiyama.py` goes through the three and adds the sizes.
"""
