"""The structure of arrays: shapes, reductions, indexing, joining, sorting."""
