"""Whether the server in this container answers: for HEALTHCHECK. Nothing but the standard library, so it is quick."""

import sys
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/health"
try:
    with urllib.request.urlopen(URL, timeout=4) as answer:  # noqa: S310  # a fixed address of this container
        sys.exit(answer.status != 200)
except OSError as error:
    sys.exit(f"{URL}: {error}")
