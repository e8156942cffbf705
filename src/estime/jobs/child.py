"""The subprocess of one job: `python -m estime.jobs.child JOB HOLDER`. Its memory goes back to the system with it.

It starts no engine and imports no handler before it has the job, so the start costs little more than Django's own.
"""

import os
import signal
import sys
from uuid import UUID


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    from estime.kernel.collection import collect_rarely

    collect_rarely()
    django.setup()
    from estime.jobs.runner import run

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _stop)
    run(UUID(sys.argv[1]), sys.argv[2], _deaf)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _deaf() -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)


if __name__ == "__main__":
    main()
