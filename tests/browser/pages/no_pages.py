"""What is at an address but is no page, with what it is instead; and where the files are."""

from browser.pages.page import CHALLENGE

_IMPORT = "channels/imports/{imports[late.csv]}/"
NO_PAGES = {
    "posted": (
        "merge-agree", "merge-refuse", "merge-withdraw", "merge-decide", "merge-contest", "contest-answer",
        "hidden-appeal", "moderation-hint", "moderation-keep", "moderation-show",
        "question-join", "question-leave", "question-withdraw", "question-considered", "decision-considered",
        "vote-withdraw", "vote-answer", "vote-propose", "option-hide", "poll-options", "poll-lock", "poll-discard",
        "similar-titles", "challenge-follow", "question-comment", "draft-discard", "idea-support", "idea-follow",
        "idea-withdraw", "version-disown", "comment-withdraw", "improvement-decline", "people-suggested",
        "acts-find", "person-find", "me-elsewhere", "staff-invitation", "staff-person", "token-revoke",
        "members-invitation-revoke", "me-place-object", "me-place-object-withdraw", "me-place-text-withdraw",
        "asking-later", "asking-never", "listening-choose", "validity-compute",
        "listening-texts-find", "listening-search-delete", "listening-alerts-seen",
        "paragraph-send", "question-said", "question-hand-over", "question-hand-back", "question-waive",
        "challenge-open", "challenge-discard", "backstage-give", "backstage-change", "backstage-attach",
        "backstage-drop", "question-reopen", "import-correct", "import-close", "import-corrected", "provider-start",
    ),
    "a file": (
        "space-feed", "challenge-feed", "challenge-card",
        "download-svg", "download-png", "download-csv", "paragraph-file", "acts-export", "import-rejects", "brand-css",
        "backstage-file", "picture", "picture-small", "vote-data", "mine-taken",
    ),
    "leads on": (
        "front", "map", "validity", "contest", "moderation-report", "objection", "decision", "vote-made", "invitation",
        "mfa_index", "listening-alert", "listening-search",
        "openid_connect_callback", "mfa_login_webauthn",
    ),
}  # fmt: skip
FILES = {
    "space-feed": "spaces/gourde/feed.xml", "challenge-feed": f"{CHALLENGE}feed.xml",
    "challenge-card": f"{CHALLENGE}card.png",
    "download-svg": "c/forum/active-share.svg", "download-png": "c/forum/active-share.png",
    "download-csv": "c/forum/active-share.csv", "paragraph-file": "to-keep/paragraph/mail.eml",
    "acts-export": "acts/export/?format=csv&channel=forum", "import-rejects": f"{_IMPORT}refused.csv",
    "brand-css": "../brand.css", "backstage-file": "backstage/files/{backstage_file}/",
    "mine-taken": "me/contributions/file/", "vote-data": "votes/{votes[sealed]}/data/",
    "picture": "pictures/{picture}/", "picture-small": "pictures/{picture}/small/",
}  # fmt: skip
