"""Every way in, by keyboard alone: password, code by mail, app, recovery code, passkey, staff link, invitation."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from browser.filling_words import PASSWORD, TOTP_SECRET
from browser.keys import Keyboard
from browser.place import Place, Visit

pytestmark = pytest.mark.browser

DESK = re.compile("/en/to-keep/$")


def with_password(visit: Visit, email: str, path: str = "/en/account/login/", **options: Any) -> Keyboard:
    """The form of sign-in, filled and sent."""
    page = visit.page(**options)
    page.goto(path)
    by = Keyboard(page)
    by.write("E-mail address", email)
    by.write("Password", PASSWORD)
    by.press("Enter")
    return by


def device(page: Any) -> Any:
    """A device that holds passkeys and knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def test_with_a_password_without_javascript_back_to_where_one_was_going(visit: Visit) -> None:
    page = visit.page(width=360, java_script_enabled=False)
    page.goto("/en/channels/")
    assert "/account/login/?next=" in page.url
    by = Keyboard(page)
    by.write("E-mail address", "paul@example.org")
    by.write("Password", "not the right one")
    by.press("Enter")
    page.get_by_text("The e-mail address or the password is not right.").wait_for()
    by.write("Password", PASSWORD)
    by.press("Enter")
    page.wait_for_url("**/en/channels/")


def test_with_a_code_from_the_mail(place: Place, visit: Visit) -> None:
    page = visit.page()
    page.goto("/en/account/login/")
    by = Keyboard(page)
    by.link("Send me a code by mail")
    by.write("E-mail address", "hana@example.org")
    by.press("Enter")
    page.wait_for_url("**/account/login/code/confirm/")
    code = place.mail("hana@example.org", r"\n    (\S+)\n")
    by.write(page.locator("[name=code]"), code)
    by.press("Enter")
    page.wait_for_url(DESK)


def test_with_a_second_step_of_an_app(visit: Visit) -> None:
    by = with_password(visit, "toni@example.org")
    by.page.wait_for_url("**/account/second/")
    by.write(
        by.page.locator("[name=code]"), format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))
    )
    by.press("Enter")
    by.page.wait_for_url(DESK)


def test_with_a_recovery_code_which_opens_once(place: Place, visit: Visit) -> None:
    for opens in (True, False):
        by = with_password(visit, "toni@example.org")
        by.page.wait_for_url("**/account/second/")
        by.write(by.page.locator("[name=code]"), place.told["recovery"])
        by.press("Enter")
        by.page.wait_for_url(DESK if opens else "**/account/second/")
        if not opens:
            by.page.get_by_text("The code is not right, or too old.").wait_for()


def test_a_passkey_is_made_and_signs_in_by_itself(visit: Visit) -> None:
    by = with_password(visit, "rosa@example.org", width=360)
    page = by.page
    page.wait_for_url(DESK)
    device(page)
    page.goto("/en/me/")
    by.link("Add a passkey")
    by.write("Password", PASSWORD)  # what changes the ways in asks once more
    by.press("Enter")
    by.write("A name for it, such as the device it is on", "My laptop")
    by.button("Make a passkey")
    page.wait_for_url(re.compile("/account/recovery/"))
    assert page.locator(".codes li").count() == 10
    page.goto("/en/me/")
    by.button("Sign out")
    page.wait_for_url(re.compile("/account/login/"))
    by.button("Use a passkey")
    page.wait_for_url(re.compile("/en/(?!account)"))
    page.goto("/en/account/passkeys/")
    assert "My laptop" in page.inner_text("main")
    assert page.complaints == []


def test_a_passkey_is_a_second_step_and_none_is_offered_where_none_can_work(
    place: Place, visit: Visit
) -> None:
    page = visit.page()
    page.goto(f"/staff-link/#{place.told['staff_link']}")
    page.wait_for_url(re.compile("/to-keep/$"))  # the link signs in by itself, and leaves the address bar
    held = device(page)
    page.goto("/en/account/passkeys/add/")
    by = Keyboard(page)
    by.button("Make a passkey")
    page.wait_for_url(re.compile("/account/recovery/"))
    page.context.clear_cookies()
    page.goto("/en/account/login/")
    by.write("E-mail address", "abel@example.org")
    by.write("Password", PASSWORD)
    by.press("Enter")
    page.wait_for_url(re.compile("/account/second/"))
    assert page.get_by_role("button", name="Use a passkey").is_visible()
    held.send("WebAuthn.disable")
    page.goto(f"{place.address.replace('localhost', '127.0.0.1')}/en/account/login/")
    assert page.get_by_role("button", name="Use a passkey").count() == 0
