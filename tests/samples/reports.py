"""Prints what `estime report --json` says of every scope in both languages, as JSON lines. A program."""

import contextlib
import io
import json
import sys

from estime.cli.main import app

for scope in sys.argv[1:]:
    for lang in ("fr", "en"):
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            app(["report", "--json", "--channel", scope, "--lang", lang], standalone_mode=False)
        print(json.dumps(json.loads(told.getvalue())))
