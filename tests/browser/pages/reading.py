"""What is read and kept: figures, acts, people, the map; what is owed; what comes in."""

from browser.pages.page import Page

_IMPORT = "channels/imports/{imports[late.csv]}/"
READING = (
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
MAP = (
    Page("map-all", "all/map/", "analyst"),
    Page("map-channel", "c/houston-slack/map/", "lead"),
    Page("map-channel", "c/page-porsche/map/", "analyst", "none"),
    Page("validity-all", "all/validity/", "analyst", "none"),
    Page("validity-channel", "c/houston-slack/validity/", "lead"),
    Page("person-place", "people/{account}/place/", "lead", "of nobody"),
    Page("me-place", "me/place/", "member"),
    Page("me-place", "me/place/", "analyst", "nothing written"),
    Page("me-place-text", "me/place/texts/{read}/", "member"),
    Page("me-place-text", "me/place/texts/{read}/", "member", "nothing chosen", 422, {"reason": "Ironie."}),
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
