"""What runs a program: `numpy_source`, `numba_source`; and `python_source`, which runs a tape without NumPy."""
