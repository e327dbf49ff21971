"""The jobs: what is computed, on which data, and what the right answer is."""
