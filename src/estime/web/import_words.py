"""What pages say about files and refused rows: the codes of channels in plain words, in the reader's language.

What a reader of a file says itself is written for the terminal, in English; pages lead with these words and show the
other small, as it names the line and the value.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.act_words import kind_name

Words = tuple[Promise, Promise]

ERRORS: dict[str, Words] = {
    "upload-too-large": (
        _("This file is larger than the page takes in."),
        _(
            "Pack it with gzip or cut it into parts. An administrator can bring in any size with “estime import”."
        ),
    ),
    "unexpected": (
        _("This file cannot be read: something in it breaks our reader."),
        _("Check that it is whole, or choose its format. An administrator finds the cause in the log."),
    ),
    "upload-gone": (_("This file is not kept here any more."), _("Bring it again.")),
    "storage-full": (_("The disk is full."), _("Make room, then try again. Nothing was lost.")),
    "source-empty": (_("The file holds nothing."), _("Check the export that made it, and export again.")),
    "source-unreadable": (
        _("The file is packed in a way that we do not open."),
        _("Unpack it, or pack it with gzip or zip."),
    ),
    "source-not-gzip": (
        _("The name ends in .gz, but it is not gzip."),
        _("Download it again, or take .gz off its name."),
    ),
    "source-truncated": (
        _("The file ends before it should."),
        _("Get the whole file and bring it again: rows that are in are recognised."),
    ),
    "source-unpacks-too-large": (
        _("The file unpacks to more than is taken in here."),
        _("Unpack it and cut it into parts. An administrator can bring in any size with “estime import”."),
    ),
    "import-too-heavy": (
        _("Reading the file took more memory or time than one file may take."),
        _("Cut it into parts, or save it with one row per line (CSV, JSON Lines)."),
    ),
    "source-is-file": (
        _("This kind of source is a folder."),
        _("Pack the whole folder as a zip, and bring that."),
    ),
    "source-is-folder": (
        _("The zip holds a folder, and this format is one file."),
        _("Bring the file itself, or choose another format."),
    ),
    "archive-unclear": (
        _("The zip holds several files."),
        _("Bring the file itself, or choose the format of the whole folder."),
    ),
    "document-invalid": (
        _("The file is not what its format should be."),
        _("Check that it is whole, or choose another format."),
    ),
    "document-too-large": (
        _("It is one JSON document of more than 256 MiB."),
        _("Export it in parts, or as JSON Lines (one object per line)."),
    ),
    "encoding-unknown": (_("There is no text encoding of this name."), _("Choose one of the list.")),
    "timezone-unknown": (
        _("There is no time zone of this name."),
        _("Write one such as Europe/Paris, or an offset such as +02:00."),
    ),
    "time-invalid": (_("The day cannot be read."), _("Write it such as 2024-05-31.")),
    "channel-needed": (
        _("Say which channel these acts belong to."),
        _("Choose a channel, or name a new one."),
    ),
    "bad-channel-name": (
        _("This cannot be the name of a channel."),
        _("Use up to 64 letters without accents, digits, “-” and “_”, such as forum or facebook-fr."),
    ),
    "format-unknown": (_("There is no format of this name."), _("Choose one of the list.")),
    "format-unclear": (
        _("What this file is cannot be told from its name and content."),
        _("Choose the format below."),
    ),
    "mapping-invalid": (_("What the columns mean cannot be followed."), _("Choose other columns below.")),
    "mapping-needed": (
        _("The columns do not say by their names who did what when."),
        _("Say below which column is which."),
    ),
    "key-taken": (
        _("This export uses account keys that mean somebody else here."),
        _("Bring an export into an empty installation."),
    ),
    "reject-unknown": (_("This row does not wait here any more."), _("Somebody may have settled it.")),
    "correction-invalid": (
        _("The correction does not say anything that can be followed."),
        _("Choose what these rows are to be read as."),
    ),
}

REFUSED: dict[str, Words] = {
    "act-differs": (
        _("Known already, with other content"),
        _("An act never changes. Leave these rows out, or give them ids of their own."),
    ),
    "bad-csv": (_("Not readable as CSV"), _("Often a quote is opened and not closed. Mend the line.")),
    "bad-encoding": (_("Wrong text encoding"), _("Bring the file again and choose its encoding.")),
    "bad-field": (_("A field of the wrong kind"), _("A list stands where a name should be. Mend the row.")),
    "bad-json": (_("Not one JSON object"), _("Mend the line, or leave it out.")),
    "bad-message": (
        _("A message that cannot be understood"),
        _("Mend what sends it; fill in what is known, or leave it out."),
    ),
    "bad-number": (
        _("A number that is none"),
        _("Perhaps decimals are written with a comma: say so for all of them."),
    ),
    "bad-origin": (_("An incomplete line of an export"), _("Export again, and bring the whole export.")),
    "bad-time": (_("A time that cannot be read"), _("Say for all of them how times are written.")),
    "line-too-long": (
        _("A line longer than 16 MiB"),
        _("No single act is so long. Check how the file was made."),
    ),
    "message-too-large": (
        _("A message that is too large"),
        _("Have its sender send less; fill in what is known, or leave it out."),
    ),
    "message-deleted": (_("A message that was deleted"), _("Only its place is left. Leave it out.")),
    "missing-field": (_("Who, what or when is missing"), _("Fill it in, or leave the row out.")),
    "no-actor": (_("Nobody is named"), _("Fill in who acted, or leave the row out.")),
    "no-event": (_("What was done is missing"), _("Say what was done, or leave it out.")),
    "no-group": (_("Which group is missing"), _("Fill in the group, or leave it out.")),
    "no-id": (_("No id"), _("Fill one in, so that the row can be told apart.")),
    "no-metric": (_("What was counted is missing"), _("Fill it in, or leave the row out.")),
    "no-time": (_("No time"), _("Fill in when it happened, or leave the row out.")),
    "nul-byte": (
        _("A damaged line"),
        _("It holds a NUL byte, which no text has. Bring the file again, whole."),
    ),
    "observation-differs": (
        _("A total told before with another value"),
        _("Bring the file again and say on which day the totals were taken."),
    ),
    "origin-not-taken": (
        _("A line that claims to come from an export"),
        _("Take out its estime: fields, or leave it out."),
    ),
    "time-in-future": (_("A time in the future"), _("Check the clock or the time zone of the source.")),
    "time-too-early": (_("A time before 1970"), _("Check how times are written.")),
    "time-without-zone": (
        _("A time without a time zone"),
        _("Say for all of them in which time zone they are."),
    ),
    "too-long": (_("A field that is too long"), _("Shorten it, or leave the row out.")),
    "unknown-type": (_("An unknown kind of act"), _("Say for all of them what these words mean.")),
    "wrong-number-of-cells": (
        _("More or fewer cells than columns"),
        _("Mend the line: a separator stands too often or is missing."),
    ),
}

FIELDS: dict[str, Promise] = {
    "source_id": _("Id"),
    "actor": _("Who"),
    "type": _("What was done"),
    "published": _("When"),
    "object_id": _("Done to what (id)"),
    "object_type": _("Kind of what it was done to"),
    "in_reply_to": _("In answer to (id)"),
    "context": _("Thread"),
    "content": _("Text"),
    "lang": _("Language"),
    "value": _("Number"),
    "unit": _("Unit of the number"),
    "incentive": _("What prompted it"),
    "on_behalf_of": _("On behalf of"),
    "metric": _("What was counted"),
    "observed": _("Counted on"),
}

STATUSES: dict[str, Promise] = {
    "running": _("on its way in"),
    "done": _("all in"),
    "partial": _("partly in"),
    "failed": _("stopped"),
    "waiting": _("waiting"),
}
MARKS = {"running": "running", "done": "done", "partial": "waiting", "failed": "failed", "waiting": "waiting"}
"""Which mark of the house stands before a status."""

TYPES: dict[str, Promise] = {
    "Create": pgettext_lazy("kind of act", "post, comment, message"),
    "Like": pgettext_lazy("kind of act", "like"),
    "Dislike": pgettext_lazy("kind of act", "dislike"),
    "Announce": pgettext_lazy("kind of act", "share"),
    "Follow": pgettext_lazy("kind of act", "follow"),
    "Join": pgettext_lazy("kind of act", "joining"),
    "Leave": pgettext_lazy("kind of act", "leaving"),
    "View": pgettext_lazy("kind of act", "view"),
    "Read": pgettext_lazy("kind of act", "reading"),
    "vote": pgettext_lazy("kind of act", "vote"),
    "Offer": pgettext_lazy("kind of act", "offer"),
    "Accept": pgettext_lazy("kind of act", "acceptance"),
    "Reject": pgettext_lazy("kind of act", "refusal"),
    "Flag": pgettext_lazy("kind of act", "report"),
    "Update": pgettext_lazy("kind of act", "edit"),
    "Delete": pgettext_lazy("kind of act", "deletion"),
    "Undo": pgettext_lazy("kind of act", "taking back"),
    "Invite": pgettext_lazy("kind of act", "invitation"),
}
"""Kinds of acts as somebody who maps words to them reads them."""


def came_in_words(kind: str, number: int) -> str:
    """How many acts of a kind an import brought, or totals of something counted."""
    name, _sign, counted = kind.partition("observation: ")
    if counted:
        what = gettext("Totals of “%(what)s”") % {"what": counted}
    else:
        what = kind_name("Vote" if name == "Create (Vote)" else name)
    return gettext("%(kind)s: %(number)s") % {"kind": what, "number": count(number)}


def error_words(code: str, message: str, todo: str) -> tuple[str, str]:
    """What is wrong and what to do, in the reader's language where we have words for it."""
    found = ERRORS.get(code)
    return (str(found[0]), str(found[1])) if found else (str(message), str(todo))


def told(error: EstimeError) -> str:
    """An error as a notice."""
    return " ".join(filter(None, error_words(error.code, error.message, error.todo)))


def refused_words(code: str) -> tuple[str, str]:
    """What a code of refused rows means and what helps."""
    found = REFUSED.get(code)
    return (str(found[0]), str(found[1])) if found else (code, str(_("Look at the rows.")))


def field_words(name: str) -> str:
    """How a field of an act is called; a name that is none of ours stays as it is."""
    return str(FIELDS.get(name, name))
