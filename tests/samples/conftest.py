"""One installation with every sample, and the forum where it is there; imported and refreshed once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from processes import run_estime
from raw import MANIFEST
from sampled import FORUM_PATH, forum_there


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """(scope, language): the report as JSON."""
    home = tmp_path_factory.mktemp("samples") / "home"
    run_estime("init", home=home, database="")
    (home / "estime.toml").unlink(missing_ok=True)  # the demo writes its own
    scopes = ["*", *(sample["channel"] for sample in MANIFEST["samples"])]
    if forum_there():
        run_estime("import", str(FORUM_PATH), "--channel", "forum", home=home, database="")
        scopes.append("forum")
    run_estime("demo", "--no-serve", home=home, database="")
    env = {**os.environ, "ESTIME_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("ESTIME_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    program = Path(__file__).with_name("reports.py")
    done = subprocess.run(
        [sys.executable, str(program), *scopes],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    (home / "told.json").write_text(json.dumps(told))
    return {(one["scope"], one["lang"]): one for one in told}
