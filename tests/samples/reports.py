"""Imports a file into the channel `forum`, if one is named; then prints what `estime report --json` says of every scope
in both languages, as JSON lines. A program: `reports.py FILE|"" SCOPE…`
"""

import contextlib
import io
import json
import sys

from estime.cli.main import app

forum, *scopes = sys.argv[1:]
if forum:
    app(["import", forum, "--channel", "forum"], standalone_mode=False)
    from estime.engagement import api as engagement  # Django is ready now

    engagement.refresh()  # without charts, which nobody looks at here
for scope in scopes:
    for lang in ("fr", "en"):
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            app(["report", "--json", "--channel", scope, "--lang", lang], standalone_mode=False)
        print(json.dumps(json.loads(told.getvalue())))
