"""How hypothesis searches here: the same examples at every run, so that a red test is red for everybody.

`pytest --hypothesis-profile=search` looks further, at random, and remembers what it found; `brief` is for Pythons other
than the one where all of them run.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady", max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("brief", settings.get_profile("steady"), max_examples=6)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("steady")
