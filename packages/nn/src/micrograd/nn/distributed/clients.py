"""Whether dask is there, and what was given for a client is one."""

from __future__ import annotations

from typing import Any

from micrograd.engine.errors import MicrogradTypeError, MissingExtraError


def require_client(client: Any, name: str) -> None:
    """Refuse anything but a `distributed.Client`.

    Args:
        client: What the caller gave.
        name: Who asks, for the message.

    Raises:
        MicrogradTypeError: If it is something else.
        MissingExtraError: If dask isn't installed.
    """
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError(
            f'{name}() needs dask, which isn\'t installed. Run pip install "micrograd-nn[distributed]", or pip install '
            '"./packages/nn[distributed]" in a clone of the repository.'
        ) from None
    if not isinstance(client, Client):
        raise MicrogradTypeError(
            f"{name}() needs a client of a dask cluster, but was given the {type(client).__name__} {client!r:.60}. "
            "Write client = distributed.Client(), or Client('scheduler-address:8786')."
        )
