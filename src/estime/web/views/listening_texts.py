"""The texts that people wrote, with what was read in each. Each opens in its context: the page of its act."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.readouts import wording
from estime.web.access import needs
from estime.web.act_rows import Row, Rows
from estime.web.frame import may
from estime.web.listening_words import alike_words, reading_words, target_words
from estime.web.looked_for import looked_for
from estime.web.moments import day, moment
from estime.web.sealed import seal
from estime.web.text_filters import AskedTexts, asked_texts, text_choices, texts_url

ROWS: Final = 30


@require_safe
@needs("listening.see")
@never_cache
def texts(request: HttpRequest) -> HttpResponse:
    """A page of texts, newest first."""
    want = asked_texts(request)
    after = request.GET.get("after", "")[:60]
    page = None if want.errors else listening.texts_page(want.told, after=after, limit=ROWS)
    if page is not None and not after:
        looked_for(request, want.told.words, [text.act for text in page.texts])
    sees = may(request, "persons.see")
    rows = Rows(sees)
    rows.looked_for(want.told.words, want.values.get("text", ""))
    context = {
        "request": request,
        "asked": want,
        "sentence": _sentence(want),
        "notes": _notes(want, page),
        "rows": _rows(page.texts, rows, want) if page else [],
        "page": page,
        "choices": text_choices(),
        "longest": listening.LONGEST_WORDS,
        "older": want.url(after=page.older) if page and page.older else "",
        "newest": want.url() if after else "",
        "save": want.url("listening-search-new") if want.values and not want.errors else "",
        "everything": texts_url(),
        "sees": sees,
    }
    return render(request, "pages/listening-texts.html", context)


@require_POST
@needs("listening.see")
def texts_find(request: HttpRequest) -> HttpResponseBase:
    """Read the form; lead to the address that asks for it."""
    sent = {name: request.POST.get(name, "").strip()[:100] for name in listening.ASKED}
    words = request.POST.get("words", "").strip()[: listening.LONGEST_WORDS]
    return redirect(texts_url(**sent, text=seal(words) if words else ""))


def _rows(found: list[listening.HeardText], rows: Rows, want: AskedTexts) -> list[dict[str, Any]]:
    return [_row(one, rows.row(one.act), want) for one in found]


def _row(one: listening.HeardText, row: Row, want: AskedTexts) -> dict[str, Any]:
    alike = one.alike if not want.told.alike else 0
    return {
        "act": row,
        "reads": reading_words(one.reading),
        "about": target_words(one.reading),
        "alike": alike_words(alike) if alike else "",
        "alike_url": texts_url(alike=str(one.act.id)) if alike else "",
    }


def _sentence(want: AskedTexts) -> str:
    if want.errors:
        return _("Something in this filter cannot be read.")
    if want.told.alike:
        return _("Texts that say nearly the same, newest first")
    if want.values:
        return _("The texts that fit, newest first")
    return _("What people wrote, newest first")


def _notes(want: AskedTexts, page: listening.TextPage | None) -> list[str]:
    """What was left out of the page, and how far it goes: said as it is."""
    notes = []
    if want.names_left_out:
        notes.append(_("Your role does not look for people: words that begin with @ were left out."))
    if page is None:
        return notes
    if page.ignored:
        told = {"words": " ".join(page.ignored)[:120]}
        notes.append(_("This cannot be looked for and was left out: %(words)s") % told)
    if page.stopped is not None:
        notes.append(
            _("Texts were looked at back to %(day)s; “Older” goes on from there.")
            % {"day": day(page.stopped)}
        )
    if page.left_out is None and not configuration().privacy.sensitive_topics:
        notes.append(
            _("Texts that reveal health, faith, politics, a union, sex life or origin are left out.")
        )
    if page.left_out:
        notes.append(
            ngettext(
                "%(count)s text that reveals health, faith, politics, a union, sex life or origin is left out.",
                "%(count)s texts that reveal health, faith, politics, a union, sex life or origin are left out.",
                page.left_out,
            )
            % {"count": wording.count(page.left_out)}
        )
    standing = ledger.standing()
    if standing.waiting and standing.indexed is not None:
        notes.append(
            _(
                "Texts have come in since %(moment)s that are not in this list yet. They will be in a minute or two."
            )
            % {"moment": moment(standing.indexed)}
        )
    return notes
