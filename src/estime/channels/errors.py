"""What can go wrong with a whole source or a whole import; a single bad row is a Reject instead.

Every code, of errors and of rejects, is explained in docs/errors.md.
"""

from typing import ClassVar

from estime.kernel.errors import EstimeError


class SourceMissing(EstimeError):
    """There is nothing at this path."""

    code: ClassVar[str] = "source-missing"


class SourceIsFolder(EstimeError):
    """A folder was given where the format wants one file."""

    code: ClassVar[str] = "source-is-folder"


class SourceIsFile(EstimeError):
    """A file was given where the format wants a folder."""

    code: ClassVar[str] = "source-is-file"


class SourceUnreadable(EstimeError):
    """The system refuses to let us read the file, or it is not a file at all."""

    code: ClassVar[str] = "source-unreadable"


class SourceEmpty(EstimeError):
    """The file holds nothing."""

    code: ClassVar[str] = "source-empty"


class NotGzip(EstimeError):
    """The name ends in .gz, the content is something else."""

    code: ClassVar[str] = "source-not-gzip"


class TruncatedSource(EstimeError):
    """The source ends before it should; everything readable has been delivered before this is raised."""

    code: ClassVar[str] = "source-truncated"
    exit_code: ClassVar[int] = 3


class ArchiveUnclear(EstimeError):
    """A zip holds several files, or none that can be read."""

    code: ClassVar[str] = "archive-unclear"


class SourceBomb(EstimeError):
    """Something packed holds more than may be unpacked here."""

    code: ClassVar[str] = "source-unpacks-too-large"


class ImportTooHeavy(EstimeError):
    """Reading a file took more memory or time than one file may have."""

    code: ClassVar[str] = "import-too-heavy"


class UploadTooLarge(EstimeError):
    """An uploaded file is larger than is taken in through the page."""

    code: ClassVar[str] = "upload-too-large"


class UploadGone(EstimeError):
    """An uploaded file is not kept any more."""

    code: ClassVar[str] = "upload-gone"


class RejectUnknown(EstimeError):
    """There is no refused row at this place, or it is settled already."""

    code: ClassVar[str] = "reject-unknown"


class CorrectionInvalid(EstimeError):
    """A correction of refused rows cannot be followed."""

    code: ClassVar[str] = "correction-invalid"


class DocumentInvalid(EstimeError):
    """A file that has to be one JSON document, or a table, is not."""

    code: ClassVar[str] = "document-invalid"


class DocumentTooLarge(EstimeError):
    """A file that can only be read whole is larger than we are ready to hold in memory."""

    code: ClassVar[str] = "document-too-large"


class EncodingUnknown(EstimeError):
    """No text encoding has this name."""

    code: ClassVar[str] = "encoding-unknown"


class TimezoneUnknown(EstimeError):
    """No time zone has this name."""

    code: ClassVar[str] = "timezone-unknown"


class TimeInvalid(EstimeError):
    """The moment given for totals cannot be read."""

    code: ClassVar[str] = "time-invalid"


class FormatUnknown(EstimeError):
    """No format has this name."""

    code: ClassVar[str] = "format-unknown"


class FormatUnclear(EstimeError):
    """What the file is cannot be told from its name and content."""

    code: ClassVar[str] = "format-unclear"


class MappingInvalid(EstimeError):
    """The mapping file says something that cannot be followed."""

    code: ClassVar[str] = "mapping-invalid"


class MappingNeeded(EstimeError):
    """The columns have no obvious meaning: a mapping has to say it."""

    code: ClassVar[str] = "mapping-needed"


class ImportInterrupted(EstimeError):
    """Somebody stopped the import."""

    code: ClassVar[str] = "import-interrupted"
    exit_code: ClassVar[int] = 130


class ChannelNeeded(EstimeError):
    """Nobody said where the acts happened."""

    code = "channel-needed"


class ExportFolderTaken(EstimeError):
    """The ledger cannot be exported there, or in that format."""

    code = "export-folder-taken"
