"""Running it: settings, jobs, tokens, the team; and one’s own account."""

from browser.pages.page import Page

SETTINGS = (
    Page("settings", "settings/"),
    Page("settings", "settings/", state="refused", status=422, form={"name": "x" * 3000, "timezone": "Mars/Here"}),
    Page("settings", "settings/", "analyst", "to look at"),
    Page("settings-accounts", "settings/accounts/"),
    Page("settings-measures", "settings/measures/"),
    Page("settings-privacy", "settings/privacy/"),
    Page("settings-listening", "settings/listening/"),
    Page("settings-targets", "settings/listening/targets/"),
    Page("settings-targets", "settings/listening/targets/", "analyst", "to look at"),
    Page("settings-target-new", "settings/listening/targets/new/", state="refused", status=422,
         form={"kind": "product", "name": "", "aliases": "x\nMetro"}),
    Page("settings-target", "settings/listening/targets/change/?name=Slack"),
    Page("settings-target-remove", "settings/listening/targets/remove/?name=Slack"),
    Page("settings-cocreation", "settings/cocreation/"),
    Page("settings-sign-in", "settings/sign-in/"),
    Page("settings-changes", "settings/changes/"),
)  # fmt: skip
RUNNING = (
    Page("jobs", "jobs/"),
    Page("job", "jobs/{jobs[failed]}/", state="failed"),
    Page("job", "jobs/{jobs[done]}/"),
    Page("job", "jobs/{jobs[waiting]}/", state="waiting"),
    Page("tokens", "tokens/"),
    Page("tokens", "tokens/", state="refused", status=422, form={"name": "", "days": "90"}),
    Page("members-invite", "members/invite/"),
    Page("staff", "staff/"),
    Page("staff-trail", "staff/trail/"),
    Page("staff", "staff/invite/", state="refused", status=422, form={"email": "nobody", "role": "lead"}),
    Page("me", "me/"),
    Page("me", "me/", "member", "a member"),
    Page("second-step", "me/second-step/", "analyst"),
    Page("me", "me/", "lead", "refused", 422, {"name": "x" * 200, "language": "xx"}),
    Page("me-leave", "me/leave/", "member"),
    Page("me-leave", "me/leave/", "lead", "one of the brand’s people"),
    Page("me-leave-code", "me/leave/code/", "without-password"),
    Page("me-leave-sure", "me/leave/sure/", "member"),
    Page("me-leave-sure", "me/leave/sure/", "member", "not ticked", 422, {}),
    Page("goodbye", "goodbye/", ""),
)  # fmt: skip
