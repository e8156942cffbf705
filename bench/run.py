"""Everything that docs/performance.md tells: `make bench` (half an hour; ledgers are kept for the next run)."""

import os

import imports
import overview
import refresh

if __name__ == "__main__":
    imports.main(1_000_000)
    refresh.main(10_000_000)
    os.environ["ESTIME_HOME"] = str(refresh.ledger(10_000_000))
    overview.main()
