"""The door of the part: what the command line and the pages may call."""

from estime.channels.actions import AGAIN, completed_imports, import_path
from estime.channels.corrected_file import rejects_written
from estime.channels.corrections import POSSIBLE, check_correction, words_of
from estime.channels.debts import reject_debts
from estime.channels.forget import rejects_erase, rejects_erase_login
from estime.channels.formats.as2.reader import read_documents as acts_from_documents
from estime.channels.formats.estime.writer import export_ledger
from estime.channels.incoming import Arrived, Incoming, arrived_drop, too_large
from estime.channels.jobs import import_job, mend_job, preview_job, tidy_job
from estime.channels.mending import (
    ACT_FIELDS,
    Broken,
    broken_of,
    columns_of,
    mend,
    mendable,
)
from estime.channels.models import Import, Upload
from estime.channels.options import ReadOptions
from estime.channels.preview import MAPPED
from estime.channels.queries import (
    import_find,
    import_of_job,
    import_waiting,
    imports,
    imports_last,
    imports_open,
    imports_total,
    rejects_waiting,
)
from estime.channels.refused import (
    CodeCount,
    codes_of,
    import_close,
    import_reopen,
    leave_out,
    refused_find,
    refused_page,
)
from estime.channels.registry import FORMATS
from estime.channels.sent import rejects_keep
from estime.channels.uploads import (
    import_ask,
    preview_ask,
    upload_drop,
    upload_find,
    upload_keep,
    upload_options,
    uploads_kept,
    uploads_stale,
    uploads_sweep,
)

__all__ = [
    "ACT_FIELDS",
    "AGAIN",
    "FORMATS",
    "MAPPED",
    "POSSIBLE",
    "Arrived",
    "Broken",
    "CodeCount",
    "Import",
    "Incoming",
    "ReadOptions",
    "Upload",
    "acts_from_documents",
    "arrived_drop",
    "broken_of",
    "check_correction",
    "codes_of",
    "columns_of",
    "completed_imports",
    "export_ledger",
    "import_ask",
    "import_close",
    "import_find",
    "import_job",
    "import_of_job",
    "import_path",
    "import_reopen",
    "import_waiting",
    "imports",
    "imports_last",
    "imports_open",
    "imports_total",
    "leave_out",
    "mend",
    "mend_job",
    "mendable",
    "preview_ask",
    "preview_job",
    "refused_find",
    "refused_page",
    "reject_debts",
    "rejects_erase",
    "rejects_erase_login",
    "rejects_keep",
    "rejects_waiting",
    "rejects_written",
    "tidy_job",
    "too_large",
    "upload_drop",
    "upload_find",
    "upload_keep",
    "upload_options",
    "uploads_kept",
    "uploads_stale",
    "uploads_sweep",
    "words_of",
]
