"""The door of the part: what the command line and the pages may call."""

from estime.channels.actions import Progress, completed_imports, import_path
from estime.channels.formats.estime.writer import Exported, export_ledger
from estime.channels.mapping import Mapping, mapping_load, shipped
from estime.channels.options import ReadOptions
from estime.channels.registry import FORMATS, guess
from estime.channels.result import ImportResult

__all__ = [
    "FORMATS",
    "Exported",
    "ImportResult",
    "Mapping",
    "Progress",
    "ReadOptions",
    "completed_imports",
    "export_ledger",
    "guess",
    "import_path",
    "mapping_load",
    "shipped",
]
