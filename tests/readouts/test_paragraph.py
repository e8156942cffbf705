"""The paragraph of truth as a mail: it stands on its own, and says the same in text and in HTML."""

import re
from html import unescape
from pathlib import Path

import pytest
from readouts import told

from estime.engagement import api
from estime.readouts.paragraph import PlainMail, paragraph_mail


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch, _home: Path) -> PlainMail:
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: told.community())
    _home.mkdir(mode=0o700, exist_ok=True)
    (_home / "estime.toml").write_text(
        '[site]\naddress = "https://estime.example"\n[brand]\nname = "Lacoste"\n'
    )
    found = paragraph_mail(told.edition(), "club", "fr")
    assert found is not None
    return found


def test_it_stands_on_its_own(mail: PlainMail) -> None:
    assert mail.subject == "Lacoste · The club, au 12\u00a0mars\u00a02026\u00a0: ce qui est vrai"
    for said in (
        "de nos 12\u202f400 abonnés ont agi",
        "Intervalles à 95\u00a0%",
        "Au 12\u00a0mars\u00a02026",
        "MIT; names <hashed>",
        "https://estime.example/fr/c/club/",
    ):
        assert said in mail.text, said


def test_html_says_what_the_text_says(mail: PlainMail) -> None:
    words = " ".join(
        unescape(re.sub(r"<[^>]+>", "", mail.html.partition("<body")[2].partition(">")[2])).split()
    )
    for line in mail.text.split("\n"):
        if line and "https://" not in line and " · Au " not in line:
            assert " ".join(line.split()) in words, line
    assert 'href="https://estime.example/fr/c/club/#active-share"' in mail.html
    assert "<script" not in mail.html


def test_an_unknown_scope_has_no_paragraph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: told.community())
    assert paragraph_mail(told.edition(), "nobody", "en") is None


def test_without_an_address_nothing_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "figures", lambda scope, measures=None: told.community())
    mail = paragraph_mail(told.edition(), "club", "en")
    assert mail is not None
    assert "href" not in mail.html
