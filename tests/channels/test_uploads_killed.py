"""A process killed in the middle of an import of an uploaded file: it is imported all the same, wholly and once."""

import os
import signal
import subprocess
import sys
import time

from channels.uploading import bring
from django.db import connection

from estime.channels import api
from estime.channels.models import Import, Upload
from estime.jobs.actions.claim import claim
from estime.jobs.holders import new_holder
from estime.jobs.models import Job
from estime.kernel.home import uploads_dir
from estime.ledger.models import Act

ROWS = 58_000
"""More than one batch: killed after the first is committed, the second is not in."""


def begun(job: object) -> "subprocess.Popen[bytes]":
    """The process that does the job, as a worker starts it."""
    holder = str(new_holder())
    claimed = claim(holder)
    assert claimed is not None
    assert claimed.pk == job
    connection.close()
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return subprocess.Popen([sys.executable, "-m", "estime.jobs.child", str(job), holder], env=env)


def test_killed_and_run_again_it_is_in_once(installed):
    rows = [f"p{n % 997},2024-01-01T00:00:00Z,{n}" for n in range(ROWS)]
    upload = bring(["auteur,date,texte", *rows, "zoe,2024-01-01 00:00,sans fuseau"])
    job = api.import_ask(upload)
    first = begun(job)
    try:
        while not Act.objects.exists() and first.poll() is None:
            connection.close()
            time.sleep(0.002)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert first.returncode == -signal.SIGKILL
    assert 0 < Act.objects.count() < ROWS
    assert (uploads_dir() / upload.kept_as).exists()
    assert Job.objects.get(pk=job).status == "running"
    assert begun(job).wait(timeout=200) == 0
    assert Job.objects.get(pk=job).status == "done"
    assert Act.objects.count() == ROWS
    record = Upload.objects.get(pk=upload.pk).imported
    assert record is not None
    assert (record.new + record.known, record.rejected) == (ROWS, 1)
    assert record.known > 0
    assert sorted(Import.objects.values_list("status", "stopped")) == [("failed", False), ("partial", False)]
    assert not (uploads_dir() / upload.kept_as).exists()
    assert api.reject_debts.count(record.started) == (1, 0)
