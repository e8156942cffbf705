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
_CHALLENGE = "challenges/{challenges[open]}/"
_DRAFT = "challenges/{challenges[draft]}/"
SPACES = (
    Page("spaces", "spaces/", ""),
    Page("spaces", "spaces/", "lead", "for who may make one"),
    Page("space-new", "spaces/new/", "lead"),
    Page("space-new", "spaces/new/", "lead", "refused", 422, {"title": "", "threshold": "0"}),
    Page("space", "spaces/gourde/", ""),
    Page("space", "spaces/gourde/", "lead", "for who leads"),
    Page("space-change", "spaces/gourde/change/", "lead"),
    Page("power", "spaces/gourde/power/", ""),
    Page("power-list", "spaces/gourde/power/challenges/", ""),
    Page("challenge-new", "spaces/gourde/challenges/new/", "lead"),
    Page("challenges", "challenges/", "lead"),
    Page("challenges", "challenges/", "representative", "none"),
    Page("challenge", _CHALLENGE, ""),
    Page("challenge", _CHALLENGE, "lead", "for who leads"),
    Page("challenge", "challenges/{challenges[own]}/", "", "of a member"),
    Page("challenge", "challenges/{challenges[off]}/", "", "called off"),
    Page("challenge", "challenges/{challenges[over]}/", "", "over"),
    *(
        Page("challenge-step", f"{_DRAFT}set-up/{step}/", "lead", step)
        for step in ("question", "means", "calendar", "deal", "vote", "look")
    ),
    Page("challenge-step", f"{_DRAFT}set-up/question/", "lead", "refused", 422, {"title": ""}),
    Page("challenge-extend", f"{_CHALLENGE}longer/", "lead"),
    Page("challenge-extend", "challenges/{challenges[over]}/longer/", "lead", "nothing to make longer"),
    Page("challenge-cancel", f"{_CHALLENGE}call-off/", "lead"),
    Page("challenge-override", f"{_CHALLENGE}set-aside/", state="nothing to set aside"),
    Page("deal", f"{_CHALLENGE}deal/", ""),
    Page("deal-change", f"{_CHALLENGE}deal/change/", "lead"),
    Page("deal-change", f"{_CHALLENGE}deal/change/", "lead", "refused", 422, {"owns": "", "reason": ""}),
    Page("backstage", f"{_CHALLENGE}backstage/", ""),
    Page("backstage", f"{_CHALLENGE}backstage/?change={{backstage}}", "lead", "to change"),
    Page("backstage", f"{_DRAFT}backstage/", "lead", "of a draft"),
    Page("settings-cocreation", "settings/cocreation/"),
)
_IDEA = "ideas/{ideas[idea]}/"
IDEAS = (
    Page("ideas", f"{_CHALLENGE}ideas/", ""),
    Page("ideas", f"{_CHALLENGE}ideas/?order=support&kind=story", "member", "nothing like this"),
    Page("ideas", "challenges/{challenges[over]}/ideas/", "", "nothing given"),
    Page("space-ideas", "spaces/gourde/ideas/", ""),
    Page("newcomers", "spaces/gourde/newcomers/", "lead"),
    Page("newcomers", "spaces/atelier/newcomers/", "lead", "nobody waits"),
    Page("write", f"{_CHALLENGE}write/", "member"),
    Page("write", f"{_CHALLENGE}write/?built_on={{ideas[asked]}}", "lead", "built on another, with the deal"),
    Page("drafts", "drafts/", "member"),
    Page("drafts", "drafts/", "lead", "none"),
    Page("draft", "drafts/{draft}/", "member"),
    Page("idea", _IDEA, ""),
    Page("idea", _IDEA, "member", "for its author"),
    Page("idea", f"{_IDEA}?answer={{comment}}", "lead", "answering"),
    Page("idea", "ideas/{ideas[gone]}/", "", "withdrawn"),
    Page("idea", "ideas/{ideas[head]}/", "representative", "a head"),
    Page("idea", "ideas/{ideas[part]}/", "", "a part"),
    Page("idea-write", _IDEA + "write/", "member"),
    Page("idea-improve", _IDEA + "improve/", "lead"),
    Page("idea-versions", _IDEA + "versions/", ""),
    Page("idea-authors", _IDEA + "authors/", "member"),
    Page("idea-authors", _IDEA + "authors/", "member", "nobody of this name", 422, {"name": "Nobody"}),
    Page("idea-invitation", "ideas/{ideas[asked]}/invitation/", "member"),
    Page("idea-comment", _IDEA + "comments/", "member", "without words", 422, {"body": ""}),
    Page("challenge-comment", f"{_CHALLENGE}comments/", "member", "without words", 422, {"body": ""}),
    Page("comment", "comments/{comment}/", ""),
    Page("comment-edit", "comments/{own_comment}/edit/", "member"),
    Page("improvement", "improvements/{improvement}/", "member"),
    Page("improvement", "improvements/{improvement}/", "", "for a stranger"),
)
VOTES = (
    Page("challenge-votes", "challenges/{votes[challenge]}/votes/", ""),
    Page("poll-new", "challenges/{votes[challenge]}/votes/new/", "lead"),
    Page("poll-new", "challenges/{votes[challenge]}/votes/new/?method=budget", "lead", "its rules"),
    Page("poll-set-up", "votes/{votes[draft]}/set-up/", "lead"),
    Page("poll-set-up", "votes/{votes[budget]}/set-up/", "lead", "locked"),
    Page("votes-secret", "votes/secret/", ""),
    Page("vote", "votes/{votes[ranked]}/", "member", "cast"),
    Page("vote", "votes/{votes[ranked]}/?change", "member", "to change"),
    Page("vote", "votes/{votes[budget]}/", "member", "a budget"),
    Page("vote", "votes/{votes[pairwise]}/", "member", "two at a time"),
    Page("vote", "votes/{votes[groups]}/", "member", "statements"),
    Page("vote", "votes/{votes[groups]}/", "lead", "for who leads"),
    Page("vote", "votes/{votes[budget_counted]}/", "", "over"),
    Page("vote-cast", "votes/{votes[ranked]}/cast/", "lead", "not for the brand’s people", 422, {"r-1": "1"}),
    Page("vote-result", "votes/{votes[budget_counted]}/result/", "lead", "a budget, with an objection"),
    Page("vote-result", "votes/{votes[ranked_counted]}/result/", "", "ranked"),
    Page("vote-result", "votes/{votes[groups_counted]}/result/", "", "opinion groups"),
    Page("vote-object", "votes/{votes[ranked_counted]}/object/", "member"),
    Page("vote-object", "votes/{votes[ranked_counted]}/object/", "lead", "who did not vote"),
    Page("objection-answer", "votes/{votes[budget_counted]}/objections/{votes[objection]}/", "lead"),
)
LOOP = (
    Page("questions", "spaces/gourde/questions/", ""),
    Page("questions", "spaces/gourde/questions/?order=owed", "lead", "owed an answer"),
    Page("questions", "spaces/atelier/questions/", "member", "none"),
    Page("question-ask", "spaces/gourde/questions/ask/", "member"),
    Page("question-ask", "spaces/gourde/questions/ask/", "member", "refused", 422, {"title": "", "body": "x"}),
    Page("challenge-question-ask", f"{_CHALLENGE}questions/ask/", "lead", "for the brand’s people"),
    Page("interpellation", "questions/{asked[new]}/", ""),
    Page("interpellation", "questions/{asked[new]}/", "member", "for who asked"),
    Page("interpellation", "questions/{asked[owed]}/", "lead", "late, for who answers"),
    Page("interpellation", "questions/{asked[answered]}/", "member", "answered"),
    Page("question-answer-public", "questions/{asked[owed]}/answer/", "lead", "without words", 422, {"body": ""}),
    Page("considered", "spaces/gourde/considered/", ""),
    Page("answers", f"{_CHALLENGE}answers/", "lead"),
    Page("answers", "challenges/{challenges[over]}/answers/", "lead", "all answered"),
    Page("decide", f"{_IDEA}decide/", "representative"),
    Page("decide", f"{_IDEA}decide/", "lead", "asked back", 422,
         {"outcome": "taken", "reason": "Merci !", "lives_on": "x", "seen": "0"}),
    Page("decide", "ideas/{ideas[head]}/decide/", "lead", "answered before"),
    Page("challenge-decisions", f"{_CHALLENGE}decisions/", ""),
    Page("idea-pledge", f"{_IDEA}promise/", "lead"),
    Page("question-pledge", "questions/{asked[owed]}/promise/", "lead", "refused", 422, {"what": "", "due": ""}),
    Page("challenge-pledge", f"{_CHALLENGE}promise/", "lead"),
    Page("pledge", "promises/{promises[late]}/", "lead", "late"),
    Page("pledge", "promises/{promises[moved]}/", "lead", "moved"),
    Page("pledge", "promises/{promises[kept]}/", "lead", "kept late"),
    Page("challenge-outcomes", f"{_CHALLENGE}outcomes/", ""),
    Page("outcome-new", f"{_CHALLENGE}outcomes/new/", "lead"),
    Page("outcome-new", f"{_CHALLENGE}outcomes/new/", "lead", "without a day", 422, {"title": "x"}),
    Page("outcome", "outcomes/{outcome}/", ""),
    Page("mine", "me/contributions/", "member"),
    Page("mine", "me/contributions/", "analyst", "nothing given"),
    Page("digest-settings", "me/digests/", "member"),
    Page("digest-stop", "digests/stop/{stop}/", ""),
    Page("digest-stop", "digests/stop/nothing/", "", "not whole", 404),
    Page("widget", f"{_CHALLENGE}widget/", ""),
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
PAGES = (*READING, *DESK, *COMING_IN, *RUNNING, *SPACES, *IDEAS, *VOTES, *LOOP, *SIGN_IN, *REFUSED)

NO_PAGES = {
    "posted": (
        "question-join", "question-leave", "question-withdraw", "question-considered", "decision-considered",
        "vote-withdraw", "vote-propose", "option-hide", "poll-options", "poll-lock", "poll-discard",
        "similar-titles", "challenge-follow", "question-comment", "draft-discard", "idea-support", "idea-follow",
        "idea-withdraw", "version-disown", "comment-withdraw", "improvement-decline", "people-suggested",
        "acts-find", "person-find", "me-elsewhere", "staff-invitation", "staff-person", "token-revoke",
        "paragraph-send", "question-said", "question-hand-over", "question-hand-back", "question-waive",
        "challenge-open", "challenge-discard", "backstage-give", "backstage-change", "backstage-attach",
        "backstage-drop", "question-reopen", "import-correct", "import-close", "import-corrected", "provider-start",
    ),
    "a file": (
        "space-feed", "challenge-feed", "challenge-card",
        "download-svg", "download-png", "download-csv", "paragraph-file", "acts-export", "import-rejects", "brand-css",
        "backstage-file", "picture", "picture-small", "vote-data",
    ),
    "leads on": ("decision", "vote-made", "invitation", "mfa_index", "openid_connect_callback", "mfa_login_webauthn"),
}  # fmt: skip
FILES = {
    "space-feed": "spaces/gourde/feed.xml", "challenge-feed": f"{_CHALLENGE}feed.xml",
    "challenge-card": f"{_CHALLENGE}card.png",
    "download-svg": "c/forum/active-share.svg", "download-png": "c/forum/active-share.png",
    "download-csv": "c/forum/active-share.csv", "paragraph-file": "to-keep/paragraph/mail.eml",
    "acts-export": "acts/export/?format=csv&channel=forum", "import-rejects": f"{_IMPORT}refused.csv",
    "brand-css": "../brand.css", "backstage-file": "backstage/files/{backstage_file}/",
    "vote-data": "votes/{votes[sealed]}/data/", "picture": "pictures/{picture}/", "picture-small": "pictures/{picture}/small/",
}  # fmt: skip
