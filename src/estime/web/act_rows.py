"""Acts as the rows of a page."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from estime.ledger import api as ledger
from estime.ledger.api import Listed
from estime.readouts.mentions import without_mentions
from estime.readouts.wording import number
from estime.web.act_words import done, who
from estime.web.said import Find, excerpt, excerpt_marked


class Row(NamedTuple):
    """One act in a list, ready to be shown: texts are in words, addresses are made."""

    url: str
    when: datetime
    who: str
    who_url: str
    done: str
    text: str
    lang: str
    value: str
    channel: str
    to: str
    to_url: str
    thread_url: str
    behalf: str


def finder(words: str) -> Find | None:
    """Tells where in a text these words are; None where none are looked for."""
    query = ledger.words_asked(words)
    return partial(ledger.words_found, query) if query.wanted else None


class Rows:
    """Makes rows for somebody who may see who people are, or may not."""

    def __init__(self, sees: bool) -> None:
        self._sees = sees
        self._find: Find | None = None
        self._sought = ""
        self.channels = ledger.channels()
        self._titles = {channel.pk: str(channel) for channel in self.channels}
        # Addresses of many rows are made from one: resolving each costs more than everything else of a row.
        self._act = reverse("act", args=["00000000-0000-0000-0000-000000000000"])
        self._person = reverse("person", args=[0]) if sees else ""
        self._acts = reverse("acts")

    def looked_for(self, words: str, token: str) -> None:
        """Mark these words, here and on the page of each act, whose address has them sealed (`token`)."""
        self._find = finder(words)
        self._sought = f"?{urlencode({'text': token})}" if token and self._find else ""

    def of(self, acts: Sequence[Listed]) -> list[Row]:
        return [self.row(act) for act in acts]

    def title(self, channel: int) -> str:
        return self._titles.get(channel, "")

    def text(self, text: str | None) -> str:
        return "" if not text else text if self._sees else without_mentions(text)

    def person_url(self, account: int) -> str:
        """Their page, or for somebody who may not see it the list of what the account did."""
        return (
            self._person.replace("/0/", f"/{account}/") if self._sees else f"{self._acts}?account={account}"
        )

    def act_url(self, act_id: object) -> str:
        return self._act.replace("00000000-0000-0000-0000-000000000000", str(act_id))

    def row(self, act: Listed) -> Row:
        parent, text = act.parent, self.text(act.text)
        return Row(
            url=self.act_url(act.id) + self._sought,
            when=act.published,
            who=who(act.handle, act.account, self._sees),
            who_url="" if act.erased else self.person_url(act.account),
            done=done(act),
            text=excerpt_marked(text, self._find) if self._find else excerpt(text),
            lang=act.lang or "",
            value="" if act.value is None else number(act.value, 0 if act.value == int(act.value) else 2),
            channel=self.title(act.channel),
            to="" if parent is None else _to(act, who(parent.handle, parent.account, self._sees)),
            to_url="" if parent is None else self.act_url(parent.id),
            thread_url=acts_url_of_thread(self._acts, act),
            behalf=(act.on_behalf_of or "") if self._sees else "",
        )


def _to(act: Listed, whom: str) -> str:
    """A text answers somebody; whatever else is done is done to what they wrote."""
    if act.type == "Create" and not act.vote:
        return _("to %(who)s") % {"who": whom}
    return _("on a text of %(who)s") % {"who": whom}


def acts_url_of_thread(acts: str, act: Listed) -> str:
    return "" if act.context is None else f"{acts}?thread={act.id}"
