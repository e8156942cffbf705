"""The kinds of jobs that tests have, by the handlers of work.py. Imports nothing: settings are made of it."""

KINDS = ("well", "kept", "broken", "refused", "stopped", "later", "leaks", "dies", "slow", "deaf", "progress")
JOBS = {kind: f"jobs.work.{kind}" for kind in KINDS}
