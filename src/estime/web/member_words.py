"""What members wrote, as pages show it: names for mentions, pictures of ours, who is quoted. Two queries a page."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from estime.cocreation import api as cocreation
from estime.cocreation.api import Comment, Member, Picture, Space
from estime.kernel import clock
from estime.web.addresses import numbered

_MENTION = re.compile(r"@\[([^\[\]\s][^\[\]]{0,79})\]")
_NAMED_IN_DIFF = re.compile(r"@(m-[a-km-z2-9]{12})(?![a-z0-9])")
_PICTURE = re.compile(r"\(\s?picture:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s?\)", re.IGNORECASE)
_SHOWN = re.compile(r"!\[[^\]\n]*\]" + _PICTURE.pattern, re.IGNORECASE)


def name_of(member: Member, *, for_brand: bool = False) -> str:
    """What somebody is called on a page; whoever speaks for the brand is named as such."""
    if member.erased:
        return _("Somebody who left")
    name = member.name or _("A member")
    if for_brand:
        return _("%(name)s · speaks for %(brand)s") % {"name": name, "brand": cocreation.voice()}
    return name


def names_of(members: Iterable[Member]) -> str:
    """Several people in a few words."""
    names = [name_of(member) for member in members]
    if len(names) > 3:
        return _("%(names)s and others") % {"names": ", ".join(names[:2])}
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return names[0] if names else ""


def is_new(member: Member) -> bool:
    """Whether “new here” stands beside a name."""
    return cocreation.is_new(member, clock.now())


def difference_told(found: cocreation.Difference) -> SafeString:
    """A change as its page shows it, with the names of those whom its words mention: handles are nobody's business."""
    told = cocreation.difference_html(found)
    handles = set(_NAMED_IN_DIFF.findall(told))
    if not handles:
        return told
    names = cocreation.names_of(handles)
    shown = _NAMED_IN_DIFF.sub(lambda mark: f"@{escape(names.get(mark.group(1), '…'))}", told)
    return mark_safe(shown)  # noqa: S308  it was safe before, and the names are escaped


def comment_url(comment: Comment | int) -> str:
    return numbered("comment", comment if isinstance(comment, int) else comment.pk)


class Prose:
    """The texts of one page, made ready together: whom and what they name is looked up once."""

    def __init__(
        self, texts: Iterable[str], space: Space, member: Member | None = None, *, hidden: bool = False
    ) -> None:
        """`hidden`: pictures that are hidden too, for whoever judges them."""
        self._member, self._hidden = member, hidden
        whole = [text for text in texts if "@[" in text or "picture:" in text.lower()]
        handles = {handle for text in whole for handle in _MENTION.findall(text)}
        self.names = cocreation.names_of(handles)
        self._mentions = {handle: cocreation.Named(name, "") for handle, name in self.names.items()}
        self._pictures = self._known({UUID(told) for text in whole for told in _PICTURE.findall(text)}, space)

    def _known(self, wanted: set[UUID], space: Space) -> dict[UUID, cocreation.Shown]:
        if not wanted:
            return {}
        return {
            one.pk: cocreation.Shown(reverse("picture", args=[one.pk]), one.width, one.height, one.alt)
            for one in Picture.objects.filter(pk__in=wanted, space=space).exclude(sha256="")
            if self._shows(one)
        }

    def _shows(self, one: Picture) -> bool:
        own = self._member is not None and one.owner_id == self._member.pk
        return own or (one.published and (self._hidden or not one.hidden))

    def html(self, text: str, quoted: Comment | None = None) -> SafeString:
        """A text as HTML; `quoted`: the comment that it quotes, if that still stands."""
        quotes = {}
        if quoted is not None and not quoted.hidden and quoted.withdrawn is None:
            who = _("%(name)s wrote this") % {"name": name_of(quoted.by)}
            quotes[cocreation.quote_id(quoted)] = cocreation.Named(who, comment_url(quoted))
        return cocreation.markdown_html(text, mentions=self._mentions, pictures=self._pictures, quotes=quotes)

    def excerpt(self, text: str, length: int = 280) -> str:
        """The beginning of a text on one line."""
        without = _SHOWN.sub("", text)  # what a picture shows is said by the picture beside it
        return cocreation.markdown_excerpt(without, length, mentions=self._mentions)

    def picture(self, text: str) -> cocreation.Shown | None:
        """The first picture that a text shows."""
        return next(iter(self.pictures(text)), None)

    def pictures(self, text: str) -> list[cocreation.Shown]:
        """The pictures that a text shows, each once, in its order."""
        named = dict.fromkeys(UUID(told) for told in _PICTURE.findall(text))
        return [self._pictures[each] for each in named if each in self._pictures]
