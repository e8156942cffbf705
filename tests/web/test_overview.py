"""The overview page: right in both languages, cheap, cacheable, and honest when there is nothing to show."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from readouts import told
from web.stored import store

from estime.kernel.configuration import Configuration
from estime.readouts import report
from estime.web.bodies import Bodies
from estime.web.views import overview

FR = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"}


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("path", "headers", "lang", "said"),
    [
        ("/", {}, "en", "followers</"),
        ("/", FR, "fr", "de nos 12\u202f400 abonnés ont agi"),
        ("/fr/", {}, "fr", "de nos 12\u202f400 abonnés ont agi"),
        ("/en/c/club/", FR, "en", "of our 12,400 followers did something"),
        ("/?channel=page", FR, "fr", "Pour 1\u202f000\u00a0likes"),
        ("/c/page/", {}, "en", "For 1,000 likes there were"),
    ],
)
def test_the_page_in_both_languages(
    client: Client, path: str, headers: dict[str, str], lang: str, said: str
) -> None:
    response = client.get(path, headers=headers)
    page = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{lang}">' in page
    assert said.replace("</", "") in page
    assert response["Content-Language"] == lang
    assert ("Accept-Language" in response["Vary"]) == (not path.startswith(("/fr", "/en")))


@pytest.mark.usefixtures("stored")
def test_the_other_language_and_the_other_channels_are_a_link_away(client: Client) -> None:
    page = client.get("/c/page/").content.decode()
    assert 'href="/fr/c/page/" lang="fr"' in page
    assert 'href="/en/c/club/">The club' in page
    assert 'href="/en/c/page/" aria-current="page"' in page


@pytest.mark.usefixtures("stored")
def test_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    response = client.get("/")
    page = response.content.decode()
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.usefixtures("stored")
def test_a_cold_page_asks_few_questions_and_a_warm_one_only_which_edition_stands(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):  # one of them, each half minute: is a space public
        client.get("/")
    with django_assert_max_num_queries(1):
        client.get("/")


@pytest.mark.usefixtures("stored")
def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    first = client.get("/fr/")
    again = client.get("/fr/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert client.get("/en/", headers={"If-None-Match": first["ETag"]}).status_code == 200
    store((told.scope(), [*told.active(300), *told.replies()]))
    assert client.get("/fr/", headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("stored")
def test_a_page_is_packed_for_those_who_can_unpack(client: Client) -> None:
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]


@pytest.mark.django_db
def test_charts_not_drawn_yet_leave_the_tables_and_the_page_is_not_kept(client: Client) -> None:
    store((told.scope(), told.community()), draw=False)
    page = client.get("/").content.decode()
    assert "<svg" not in page
    assert "<details open>" in page
    store((told.scope(), told.community()))
    assert "<svg" in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Nothing is known here yet"), ("fr", "On ne sait encore rien ici")]
)
def test_an_empty_installation_says_what_to_do_first(client: Client, lang: str, said: str) -> None:
    page = client.get(f"/{lang}/").content.decode()
    assert said in page
    assert "estime import" in page
    assert "estime refresh" in page


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/en/nowhere", "There is nothing at this address."),
        ("/fr/nowhere", "Il n’y a rien à cette adresse."),
        ("/fr/c/nobody/", "Il n’y a rien à cette adresse."),
        ("/fr/definitions/../../etc/passwd/", "Il n’y a rien à cette adresse."),
    ],
)
def test_not_found_in_both_languages(client: Client, path: str, said: str) -> None:
    response = client.get(path, follow=True)
    assert response.status_code == 404
    assert said in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("lang", "said"), [("en", "on our side"), ("fr", "de notre côté")])
def test_a_failure_in_both_languages(
    client: Client, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    def breaks() -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(overview.api, "edition", breaks)
    client.raise_request_exception = False
    response = client.get(f"/{lang}/")
    assert response.status_code == 500
    assert said in response.content.decode()
    assert "RuntimeError" not in response.content.decode()


@pytest.mark.usefixtures("stored")
def test_definitions_are_read_from_the_docs(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "measures").mkdir()
    text = "# Active share\n\nPersons <who> acted.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    (tmp_path / "measures" / "active_share.md").write_text(text)
    settings.ESTIME_DOCS = tmp_path
    page = client.get("/fr/definitions/active_share/").content.decode()
    assert "<h1>Active share</h1>" in page
    assert "<p>Persons &lt;who&gt; acted.</p>" in page
    assert "<td>1</td>" in page
    assert "/fr/definitions/active_share/" in client.get("/fr/definitions/").content.decode()
    assert client.get("/fr/definitions/nothing/").status_code == 404


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_definition_that_a_page_names_can_be_read(
    client: Client, settings: LazySettings, lang: str
) -> None:
    settings.ESTIME_DOCS = Path(__file__).parents[2] / "docs"
    pages = [client.get(f"/{lang}/{path}").content.decode() for path in ("all/", "c/page/", "definitions/")]
    links = {link for page in pages for link in re.findall(r'href="(/\w+/definitions/\w+/)"', page)}
    assert len(links) >= 7
    for link in sorted(links):
        response = client.get(link)
        assert response.status_code == 200, link
        page = response.content.decode()
        assert '<article class="doc" lang="en">' in page
        assert ("Les définitions sont rédigées en anglais." in page) == (lang == "fr")
        for other in re.findall(r'href="\.\./(\w+)/"', page):
            assert client.get(f"/{lang}/definitions/{other}/").status_code == 200, (link, other)


@pytest.mark.usefixtures("stored")
def test_without_the_docs_no_link_leads_nowhere(client: Client, settings: LazySettings) -> None:
    settings.ESTIME_DOCS = None
    assert "How is this measured?" not in client.get("/en/all/").content.decode()


@pytest.mark.usefixtures("stored")
def test_the_page_opens_with_the_channel_that_the_settings_name(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = Configuration.model_validate({"report": {"front": "club"}})
    monkeypatch.setattr(report, "configuration", lambda: front)
    page = client.get("/en/").content.decode()
    assert "<h1>The club</h1>" in page
    assert 'href="/en/all/">All channels' in page
    assert "<h1>All channels</h1>" in client.get("/en/all/").content.decode()


@pytest.mark.usefixtures("stored")
def test_all_channels_link_to_each(client: Client) -> None:
    page = client.get("/fr/all/").content.decode()
    table = page[page.index('id="channels"') :]
    assert '<a href="/fr/c/page/">A brand’s page</a>' in table
    assert '<a href="/fr/c/club/">The club</a>' in table


@pytest.mark.usefixtures("stored")
def test_the_language_of_what_others_wrote_is_told(client: Client) -> None:
    assert (
        'Données\u00a0: <span lang="en">MIT; names &lt;hashed&gt;</span>'
        in client.get("/fr/").content.decode()
    )


@pytest.mark.usefixtures("stored")
def test_posting_is_refused(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_bodies_are_bounded_and_incomplete_ones_are_made_again() -> None:
    bodies = Bodies(kept=2)
    made: list[int] = []

    def make(number: int, complete: bool = True) -> tuple[str, bool]:
        made.append(number)
        return str(number), complete

    for number in (1, 2, 1, 3, 1, 2):
        assert bodies.get((number,), lambda number=number: make(number)).raw == str(number).encode()
    assert made == [1, 2, 3, 2]
    bodies.get((9,), lambda: make(9, complete=False))
    bodies.get((9,), lambda: make(9, complete=False))
    assert made[-2:] == [9, 9]
