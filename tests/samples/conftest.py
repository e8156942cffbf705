"""The demo, and the forum where it is there: every figure of them as reports tell it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from raw import MANIFEST
from sampled import FORUM_PATH, forum_there


@pytest.fixture(scope="session")
def reports(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], dict[str, Any]]:
    """(scope, language): the report as JSON."""
    home = tmp_path_factory.mktemp("samples") / "home"
    shutil.copytree(demo_home, home)
    forum = str(FORUM_PATH) if forum_there() else ""
    scopes = ["*", *(sample["channel"] for sample in MANIFEST["samples"]), *(["forum"] if forum else [])]
    env = {**os.environ, "ESTIME_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("ESTIME_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    program = Path(__file__).with_name("reports.py")
    done = subprocess.run(
        [sys.executable, str(program), forum, *scopes],
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
