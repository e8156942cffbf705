"""A page imports nothing that computes or draws."""

import subprocess
import sys

# NumPy is not among them: the index that acts are searched by is read with it.
HEAVY = (
    "ibis",
    "duckdb",
    "altair",
    "vl_convert",
    "pandas",
    "pyarrow",
    "rich",
    "deltalake",
    "polars",
)
ASK = f"""
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import estime.web.urls, estime.web.checks
from django.template.loader import get_template
get_template("web/overview.html")
print(",".join(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_no_page_imports_what_is_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
