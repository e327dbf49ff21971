"""What the transforms stand on: a run of a function (`runs.py`), what it returned (`outputs.py`), forward mode."""
