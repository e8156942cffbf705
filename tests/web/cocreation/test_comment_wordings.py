"""Earlier wordings of a comment: linked where it was reworded, read by whoever may read its words, and no longer."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.places import Place
from cocreation.writing import given, said
from django.conf import LazySettings
from django.test import Client
from rest.cocreation.conftest import Program

from estime.cocreation import api
from estime.cocreation.actions.forget import forget_accounts
from estime.cocreation.models import Comment
from estime.kernel.home import make_home

WHY = api.Why("hateful", "It is about a whole town.", False)
FIRST, SECOND, NOW = "The Zonk is weak.", "The Zinc is weak.", "The zip is weak."


@pytest.fixture(autouse=True)
def at_home(settings: LazySettings, _home: Path) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    make_home()


def reworded(made: Place) -> Comment:
    comment = said(made, made.ben, given(made, made.anna), FIRST)
    for minutes, words in ((1, SECOND), (2, NOW)):
        api.comment_edit(made.ben, comment.pk, words, when=made.at + timedelta(minutes=minutes))
    return Comment.objects.get(pk=comment.pk)


def statuses(made: Place, comment: Comment) -> dict[str, tuple[int, int]]:
    """Who gets what, from the page and from REST."""
    told = {}
    for name, member in (("stranger", None), ("dani", made.dani), ("ben", made.ben), ("mo", made.mo)):
        client = Client()
        if member is not None and member.user is not None:
            client.force_login(member.user)
        page = client.get(f"/en/comments/{comment.pk}/wordings/").status_code
        told[name] = (page, Program(member).get(f"/comments/{comment.pk}/wordings").status_code)
    return told


def test_everybody_reads_what_it_said_before(
    place: Callable[..., Place], browser: Callable[..., Client]
) -> None:
    made = place()
    comment = reworded(made)
    address = f"/en/comments/{comment.pk}/wordings/"
    assert address in browser().get(f"/en/ideas/{comment.contribution_id}/").content.decode()
    text = browser().get(address).content.decode()
    assert text.index(NOW) < text.index(SECOND) < text.index(FIRST)
    told = Program(made.dani).get(f"/comments/{comment.pk}/wordings").json()
    assert [one["body"] for one in told["wordings"]] == [SECOND, FIRST]


def test_no_longer_than_its_words(place: Callable[..., Place]) -> None:
    made = place()
    comment = reworded(made)
    hiding = api.hide(made.mo, comment, WHY, when=made.at)
    hidden = statuses(made, comment)
    assert (hidden["stranger"], hidden["dani"]) == ((404, 404), (404, 404))
    assert (hidden["ben"], hidden["mo"]) == ((200, 200), (200, 200))  # to appeal, and to judge
    api.show_again(made.lea, hiding, "A mistake.", when=made.at)
    assert set(statuses(made, comment).values()) == {(200, 200)}
    api.comment_withdraw(made.ben, comment.pk, when=made.at)
    assert set(statuses(made, comment).values()) == {(404, 404)}


def test_not_once_its_author_is_erased_nor_from_outside(place: Callable[..., Place]) -> None:
    made = place(public=False)
    comment = reworded(made)
    assert statuses(made, comment)["stranger"][0] == 404
    made.ben.refresh_from_db()
    forget_accounts([made.ben.account or 0])
    assert set(statuses(made, comment).values()) == {(404, 404)}
