"""The first bad operation: where a nan, an infinity or a runaway gradient began.

`judging.py` says what is bad, and which operation is to blame; `causes.py` is the table of what usually causes it and
what to write instead; `finding.py` puts a finding into words. `detection.py` watches operations while they run, and
`search.py` looks through a graph that has run already.
"""
