"""On a dask cluster: `fit_distributed` trains one net on parts of the data, `on_cluster` many nets side by side.

`training.py` and `searching.py` hold these two, `clients.py` the look at what should be a client. They need the extra
`[distributed]`.
"""

from micrograd.nn.distributed.searching import on_cluster
from micrograd.nn.distributed.training import fit_distributed

__all__ = ["fit_distributed", "on_cluster"]
