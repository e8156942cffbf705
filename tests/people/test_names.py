"""What people are called can be read: nobody is called nothing, writes our sentences anew, or passes for another."""

import unicodedata

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from estime.kernel.home import make_home
from estime.people import api as people
from estime.people.tokens import token_make

TURNED = "\u202e"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("  Zoé \u00a0 Martin ", "Zoé Martin"),
        (TURNED, ""),
        (f"Bo{TURNED}nimda", "Bonimda"),
        ("\u200d\u200c", ""),
        ("\u3164", ""),
        ("نسترن می\u200cخواهد", "نسترن می\u200cخواهد"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("a\0b\nc", "ab c"),
        ("王", "王"),
    ],
)
def test_what_is_kept(told: str, kept: str) -> None:
    assert people.name_clean(told) == kept


@given(st.text(max_size=40))
def test_nothing_unseen_stays_and_cleaning_again_changes_nothing(told: str) -> None:
    kept = people.name_clean(told)
    unseen = [c for c in kept if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d"]
    assert unseen == []
    assert people.name_clean(kept) == kept


@pytest.mark.django_db
def test_wherever_a_name_comes_in(client: Client) -> None:
    make_home()
    ada = people.login_make("ada@example.org", "administrator", people.Profile(f"A{TURNED}da"))
    assert (ada.name, str(ada)) == ("Ada", "Ada")
    client.force_login(ada)
    client.post("/en/me/", {"name": TURNED, "language": "", "timezone": ""})
    ada.refresh_from_db()
    assert (ada.name, str(ada)) == ("", "ada@example.org")
    ada.name = TURNED  # of before there was a rule
    assert str(ada) == "ada@example.org"
    assert token_make(ada, f"sh{TURNED}op", ["acts:read"])[0].name == "shop"


@pytest.mark.django_db
def test_in_the_trail_nobody_passes_for_somebody_else(client: Client) -> None:
    """Anybody may call themselves Ada; their address stays theirs."""
    make_home()
    people.login_make("ada@example.org", "administrator", people.Profile("Ada"))
    eve = people.login_make("eve@example.org", "administrator", people.Profile("Ada"))
    people.invite("accomplice@example.org", "administrator", eve, "1")
    by, what = people.event_words(people.trail(1)[0])
    assert (by, what) == ("Ada (eve@example.org)", "invited accomplice@example.org: Administrator")
