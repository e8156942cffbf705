"""What people come to do, by keyboard alone: answer, hand over, bring a file, mend, invite, change, find.

Each does it as somebody of their own, so that none stands in another's way.
"""

import re
from typing import Any

import pytest

from browser.filling_words import PASSWORD
from browser.forum import rows, table
from browser.keys import Keyboard
from browser.place import Place, Visit

pytestmark = pytest.mark.browser

HAND_OVER = re.compile("^Hand over ")
LONG = 60_000
"""Milliseconds that a job may take whose process has yet to start."""


def at(visit: Visit, path: str, who: str, **options: Any) -> Keyboard:
    page = visit.page(who, **options)
    page.goto(path)
    return Keyboard(page)


def asked_first(page: Any) -> Any:
    """The first question of a channel that is owed an answer; other things are owed too."""
    return page.locator(".due > li").filter(has=page.get_by_role("link", name=HAND_OVER)).first


@pytest.mark.parametrize("scripts", [True, False])
def test_a_first_answer_within_a_minute_of_sign_in(visit: Visit, scripts: bool) -> None:
    page = visit.page(width=360, scheme="dark", java_script_enabled=scripts)
    page.goto("/en/account/login/")
    signing_in = Keyboard(page)
    signing_in.write("E-mail address", "anouk@example.org")
    signing_in.write("Password", PASSWORD)
    by = Keyboard(page)
    by.press("Enter")
    page.wait_for_url("**/to-keep/")
    first = asked_first(page)
    asked = first.locator("blockquote").inner_text()
    by.past_the_menu()
    by.do(first.locator(".do .button.primary"))
    page.wait_for_url("**/questions/**")
    by.write("Your answer", "Yes: from Monday on.")
    by.button("Save the answer")
    page.get_by_text("Your answer is saved.").wait_for()
    by.past_the_menu()
    by.button("I have posted it")
    page.get_by_text("It is off the list").wait_for()
    assert page.get_by_text(asked, exact=True).count() == 0
    assert by.seconds < 60, f"{by.keys} keys on {by.pages} pages"


def test_hand_over_within_a_minute(visit: Visit) -> None:
    by = at(visit, "/en/to-keep/", "sol")
    first = asked_first(by.page)
    asked = first.locator("blockquote").inner_text()
    by.past_the_menu()
    by.do(first.get_by_role("link", name=HAND_OVER))
    by.choose("To whom", "Inès")
    by.write("A note (optional)", "You know these.")
    by.button("Hand over")
    by.page.get_by_text("Handed over").wait_for()
    assert by.seconds < 60, f"{by.keys} keys on {by.pages} pages"
    hers = at(visit, "/fr/to-keep/?mine=1", "representative").page
    assert asked in hers.inner_text("main")


def test_a_file_is_brought_and_seen_to_arrive(place: Place, visit: Visit) -> None:
    (place.home / "files" / "spring.csv").write_text(table([(f"n{row[0]}", *row[1:]) for row in rows()[:9]]))
    by = at(visit, "/en/channels/", "uma", width=360, scheme="dark")
    page = by.page
    page.set_default_timeout(LONG)
    chosen: list[Any] = []
    page.on(
        "filechooser", lambda chooser: chosen.append(chooser)
    )  # from the beginning: who listens only now may come too late
    by.do(page.get_by_role("link", name="Bring a file").first)
    by.press("Tab")
    by.do(page.get_by_text("Or a new channel"))
    by.write("Name of the new channel", "spring")
    by.reach(page.get_by_label("The file", exact=True))
    by.press("Space")
    for _ in range(100):
        if chosen:
            break
        page.wait_for_timeout(100)
    chosen[0].set_files(place.home / "files" / "spring.csv")
    by.button("Look at the file")
    page.get_by_text("Of 9 rows, 9 would come in").wait_for()  # comes by itself, as the next ones do
    by.button("Import")
    page.get_by_text("9 rows of “spring.csv” came in.").wait_for()
    by.do(page.locator("main .under").get_by_role("link", name="spring", exact=True))
    page.wait_for_url("**/channels/spring/")
    assert "spring.csv" in page.inner_text("main")
    assert page.complaints == []


def test_refused_rows_are_mended_all_at_once_and_one_by_one(place: Place, visit: Visit) -> None:
    imports = place.told["imports"]
    by = at(visit, f"/fr/channels/imports/{imports['mend.csv']}/", "uma")
    page = by.page
    page.set_default_timeout(LONG)
    assert "<b>first</b>" in page.inner_text("main")  # what a file says is text
    by.reach(page.locator("#timezone"))
    page.keyboard.type("Europe/Paris")
    by.button("Toutes les corriger et les faire entrer")
    page.get_by_text("Réglées").wait_for()
    by = at(visit, f"/en/channels/imports/{imports['late.csv']}/?code=missing-field", "uma")
    by.do(by.page.get_by_role("link", name=re.compile("^Mend ")).first)
    by.write("author", "kim")
    by.button("Bring the row in")
    by.page.get_by_text("The row is in.").wait_for()


def test_a_setting_is_changed_once_and_kept_with_who_changed_it(visit: Visit) -> None:
    by = at(visit, "/en/settings/", "seth")
    by.write("Days within which questions are answered", "9")
    by.button("Save")
    by.page.get_by_text("Saved", exact=False).first.wait_for()
    by.page.goto("/en/settings/changes/")
    told = by.page.inner_text("main")
    assert "Seth" in told
    assert "9" in told


def test_somebody_is_invited_once_and_joins(place: Place, visit: Visit) -> None:
    by = at(visit, "/en/staff/", "pia")
    by.write("E-mail address", "noor@example.com")
    by.page.get_by_role("button", name="Invite", exact=True).dblclick()
    by.page.get_by_text("The link of the invitation is shown this once.").wait_for()
    assert by.page.get_by_text("noor@example.com", exact=True).count() == 1
    link = place.mail("noor@example.com", r"(http\S+/join/\S+)")
    assert len(place.mails("noor@example.com")) == 1
    joining = at(visit, link[link.index("/", 8) :], "", width=360)
    assert joining.page.url.endswith("/join/")  # the secret leaves the address at once
    joining.write("Your name, as everybody here will see it", "Noor")
    joining.write("A password, if you want one", PASSWORD)
    joining.button("Join")
    joining.page.wait_for_url("**/to-keep/")
    by.page.goto("/en/staff/")
    assert by.page.get_by_role("rowheader", name="Noor").count() == 1


def test_a_token_is_made_once_shown_once_and_revoked(place: Place, visit: Visit) -> None:
    by = at(visit, "/en/tokens/", "ivo")
    by.write("What the token is for", "double")
    by.do(by.page.get_by_label("Read figures"), "Space")
    by.page.get_by_role("button", name="Make this token").dblclick()
    secret = by.page.locator("pre.secret").inner_text().strip()
    assert by.page.get_by_role("rowheader", name="double").count() == 1
    bearer = {"Authorization": f"Bearer {secret}"}
    figures = f"{place.address}/api/v1/figures?scope=forum"
    assert by.page.request.get(figures, headers=bearer).status != 401
    by.page.reload()
    assert by.page.locator("pre.secret").count() == 0
    by.button("Revoke double")
    by.page.get_by_text("is revoked").wait_for()
    assert by.page.request.get(figures, headers=bearer).status == 401


def test_acts_are_searched_and_paged_through(visit: Visit) -> None:
    by = at(visit, "/en/acts/", "tess")
    page = by.page
    by.write("Words", "data")
    by.press("Enter")
    page.wait_for_url("**/acts/?text=**")
    assert "data" not in page.url  # words looked for are sealed
    first = page.locator(".acts > li").all_inner_texts()
    assert all("data" in text.lower() for text in first)
    by.link("Older")
    page.wait_for_url("**before=**")
    second = page.locator(".acts > li").all_inner_texts()
    assert second
    assert not set(first) & set(second)
    by.link("Newer")
    page.wait_for_url("**after=**")
    assert page.locator(".acts > li").all_inner_texts() == first
    by.do(page.locator(".acts > li a").first)
    page.wait_for_url(re.compile("/acts/[0-9a-f-]{36}/|/people/"))


@pytest.mark.parametrize("deed", ["answer", "hand-over", "waive"])
def test_a_double_click_on_a_question_does_it_once(place: Place, visit: Visit, deed: str) -> None:
    question = place.told["questions"][{"answer": "q8", "hand-over": "q7", "waive": "q6"}[deed]]
    by = at(visit, f"/en/to-keep/questions/{question}/", "cleo")
    page = by.page
    page.fill("#words", "Only once.")
    page.select_option("#to", label="Malo")
    page.locator("input[name=reason]").first.check()
    page.locator(f"form[action$='/{deed}/'] button").first.dblclick()
    page.wait_for_load_state()
    done = {
        "answer": "Your answer is saved.",
        "hand-over": "Handed over",
        "waive": "Noted: nothing is owed here.",
    }
    page.get_by_text(done[deed]).first.wait_for()
    assert page.get_by_role("alert").count() == 0
    page.goto(f"/en/to-keep/questions/{question}/")
    assert page.locator("section[aria-labelledby=history] li").count() == 1
