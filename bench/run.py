"""Everything that docs/performance.md tells: `make bench` (half an hour; ledgers are kept for the next run)."""

import os
import subprocess
import sys

import imports
import pages
import refresh

if __name__ == "__main__":
    imports.main(1_000_000)
    refresh.main(10_000_000)
    os.environ["ESTIME_HOME"] = str(refresh.ledger(10_000_000))
    # The page is measured as it is served, with its charts.
    subprocess.run([sys.executable, "-m", "estime", "refresh"], check=True)
    pages.main()
