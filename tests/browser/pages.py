"""Every page for humans, and who opens it. What a new page needs: a line here; test_pages.py says so when it lacks.

`{…}` in a path is filled from what filling.py told. A state is a page in another condition: empty, refused, of another
role. What is at an address but is no page stands in NO_PAGES with what it is instead.
"""

from typing import NamedTuple


class Page(NamedTuple):
    """`form`: sent by POST, to see what is answered to it. `once`: what it shows, it shows once."""

    name: str
    path: str
    who: str = "administrator"
    state: str = ""
    status: int = 200
    form: dict[str, str] | None = None

    @property
    def id(self) -> str:
        return f"{self.name}: {self.state}" if self.state else self.name


_IMPORT = "channels/imports/{imports[late.csv]}/"
_ACCOUNT = "account/"

READING = (
    Page("front", "", ""),
    Page("overview", "overview/"),
    Page("all", "all/", "analyst"),
    Page("channel", "c/forum/", ""),
    Page("channel", "c/houston-slack/", "lead", "a long archive"),
    Page("channel", "c/page-porsche/", "", "a brand’s page"),
    Page("definitions", "definitions/", ""),
    Page("definition", "definitions/presence/", ""),
    Page("error-codes", "errors/", ""),
    Page("acts", "acts/"),
    Page("acts", "acts/?channel=forum&type=Like", "analyst", "filtered, without people"),
    Page("acts", "acts/?since=nonsense", state="a filter that cannot be read"),
    Page("acts", "acts/?account={account}&channel=page-porsche", state="nothing found"),
    Page("act", "acts/{act}/"),
    Page("person", "people/{account}/"),
    Page("looks", "people/{account}/looks/"),
    Page("style", "style/"),
)
DESK = (
    Page("desk", "to-keep/", "lead"),
    Page("desk", "to-keep/?kind=question&channel=forum", "lead", "one kind"),
    Page("desk", "to-keep/?mine=1", "representative", "nothing of mine"),
    Page("paragraph", "to-keep/paragraph/", "lead"),
    Page("questions-settled", "to-keep/settled/", "lead"),
    Page("questions-settled", "to-keep/settled/?state=waived", "lead", "waived"),
    Page("questions-archived", "to-keep/archives/", "lead"),
    Page("question", "to-keep/questions/{questions[q0]}/", "lead"),
    Page("question", "to-keep/questions/{questions[q1]}/", "lead", "said to be answered"),
    Page("question", "to-keep/questions/{questions[q2]}/", "lead", "nothing owed"),
    Page("question", "to-keep/questions/{questions[q3]}/", state="handed to me"),
    Page("question", "to-keep/questions/{questions[q0]}/answer/", "lead", "changed meanwhile", 409,
         {"version": "99", "words": "Blue."}),
)  # fmt: skip
COMING_IN = (
    Page("channels", "channels/"),
    Page("upload", "channels/upload/"),
    Page("upload", "channels/upload/", state="without a file", status=422, form={"channel": "forum"}),
    Page("upload-page", "channels/upload/{uploads[administrator]}/"),
    Page("import", "channels/imports/{imports[forum.csv]}/", state="all of it came in"),
    Page("import", _IMPORT),
    Page("import", _IMPORT, "analyst", "for who only looks"),
    Page("reject", f"{_IMPORT}rows/{{places[late.csv]}}/"),
    Page("reject", f"{_IMPORT}rows/{{places[late.csv]}}/", state="refused again", status=422, form={"do": "mend"}),
    Page("channel-page", "channels/forum/"),
    Page("channel-page", "channels/forum/", state="too long", status=422, form={"title": "x" * 300}),
    Page("channel-named", "channels/named/forum/", "analyst"),
)  # fmt: skip
RUNNING = (
    Page("settings", "settings/"),
    Page("settings", "settings/", state="refused", status=422, form={"name": "x" * 3000, "timezone": "Mars/Here"}),
    Page("settings", "settings/", "analyst", "to look at"),
    Page("settings-accounts", "settings/accounts/"),
    Page("settings-measures", "settings/measures/"),
    Page("settings-privacy", "settings/privacy/"),
    Page("settings-sign-in", "settings/sign-in/"),
    Page("settings-changes", "settings/changes/"),
    Page("jobs", "jobs/"),
    Page("job", "jobs/{jobs[failed]}/", state="failed"),
    Page("job", "jobs/{jobs[done]}/"),
    Page("job", "jobs/{jobs[waiting]}/", state="waiting"),
    Page("tokens", "tokens/"),
    Page("tokens", "tokens/", state="refused", status=422, form={"name": "", "days": "90"}),
    Page("staff", "staff/"),
    Page("staff-trail", "staff/trail/"),
    Page("staff", "staff/invite/", state="refused", status=422, form={"email": "nobody", "role": "lead"}),
    Page("me", "me/"),
    Page("me", "me/", "member", "a member"),
    Page("second-step", "me/second-step/", "analyst"),
    Page("me", "me/", "lead", "refused", 422, {"name": "x" * 200, "language": "xx"}),
)  # fmt: skip
SIGN_IN = (
    Page("account_login", "account/login/", ""),
    Page(
        "account_login",
        "account/login/",
        "",
        "refused",
        form={"login": "nobody@example.org", "password": "x"},
    ),
    Page("account_request_login_code", "account/login/code/", ""),
    Page("account_confirm_login_code", "account/login/code/confirm/", "code"),
    Page("account_logout", "account/logout/"),
    Page("account_inactive", "account/inactive/", ""),
    Page("account_signup", "account/signup/", "", "closed"),
    Page("account_reauthenticate", "account/reauthenticate/", "lead"),
    Page("account_email", "account/email/", "lead"),
    Page("account_email", "account/email/", "tess", "one to confirm"),
    Page("account_email_verification_sent", "account/confirm-email/", ""),
    Page("account_confirm_email", "account/confirm-email/{confirm}/", "tess"),
    Page("account_confirm_email", "account/confirm-email/nothing/", "tess", "too old"),
    Page("account_change_password", "account/password/change/", "lead"),
    Page("account_set_password", "account/password/set/", "tess"),
    Page("account_reset_password", "account/password/reset/", ""),
    Page("account_reset_password_done", "account/password/reset/done/", ""),
    Page("account_reset_password_from_key", "account/password/reset/key/{reset}-set-password/", "resetting"),
    Page("account_reset_password_from_key", "account/password/reset/key/x-y/", "", "too old"),
    Page("account_reset_password_from_key_done", "account/password/reset/key/done/", ""),
    Page("mfa_authenticate", "account/second/", "second"),
    Page("mfa_reauthenticate", "account/second/again/"),
    Page("mfa_activate_totp", "account/app/on/", "lead"),
    Page("mfa_deactivate_totp", "account/app/off/"),
    Page("mfa_view_recovery_codes", "account/recovery/", "fresh-{lang}"),
    Page("mfa_view_recovery_codes", "account/recovery/", "toni-seen", "seen before"),
    Page("mfa_generate_recovery_codes", "account/recovery/new/"),
    Page("mfa_list_webauthn", "account/passkeys/"),
    Page("mfa_add_webauthn", "account/passkeys/add/", "lead"),
    Page("mfa_reauthenticate_webauthn", "account/passkeys/again/"),
    Page("mfa_edit_webauthn", "account/passkeys/{passkey}/edit/"),
    Page("mfa_remove_webauthn", "account/passkeys/{passkey}/remove/"),
    Page("socialaccount_connections", "account/provider/", "lead"),
    Page("socialaccount_login_cancelled", "account/provider/cancelled/", ""),
    Page("socialaccount_login_error", "account/provider/error/", "", status=401),
    Page("join", "join/", "invited"),
    Page("join", "join/", "", "over", 410),
    Page("join", "join/", "member-invited", "as a member"),
    Page("staff-link", "staff-link/", ""),
    Page("staff-link", "staff-link/", "", "over", 410, {"secret": "nothing"}),
)
REFUSED = (
    Page("400", "acts/find/", "lead", status=400, form={f"field{n}": "" for n in range(1001)}),
    Page("403", "staff/", "analyst", status=403),
    Page("403", "acts/find/", "lead", "a form that is not ours", 403, {"csrfmiddlewaretoken": ""}),
    Page("404", "nowhere/", "", status=404),
    Page("429", "to-keep/paragraph/send/", "busy", status=429, form={}),
)
PAGES = (*READING, *DESK, *COMING_IN, *RUNNING, *SIGN_IN, *REFUSED)

NO_PAGES = {
    "posted": (
        "acts-find", "person-find", "me-elsewhere", "staff-invitation", "staff-person", "token-revoke",
        "paragraph-send", "question-said", "question-hand-over", "question-hand-back", "question-waive",
        "question-reopen", "import-correct", "import-close", "import-corrected", "provider-start",
    ),
    "a file": (
        "download-svg", "download-png", "download-csv", "paragraph-file", "acts-export", "import-rejects", "brand-css",
    ),
    "leads on": ("invitation", "mfa_index", "openid_connect_callback", "mfa_login_webauthn"),
}  # fmt: skip
FILES = {
    "download-svg": "c/forum/active-share.svg", "download-png": "c/forum/active-share.png",
    "download-csv": "c/forum/active-share.csv", "paragraph-file": "to-keep/paragraph/mail.eml",
    "acts-export": "acts/export/?format=csv&channel=forum", "import-rejects": f"{_IMPORT}refused.csv",
    "brand-css": "../brand.css",
}  # fmt: skip
