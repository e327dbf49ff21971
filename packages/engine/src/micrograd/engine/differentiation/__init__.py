"""What the transforms stand on: one run of a function on variables (`runs.py`), and forward mode (`forward.py`)."""
