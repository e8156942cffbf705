"""What people say and feel."""

from browser.pages.page import Page

LISTENING = (
    Page("answers-told", "answers/", "lead"),
    Page("listening", "listening/?channel=*&days=90", "lead"),
    Page("listening", "listening/?channel=*&days=365", "analyst", "nothing found"),
    Page("listening", "listening/?channel=*&days=30", "analyst", "not looked for yet"),
    Page("listening-topic", "listening/topics/1/?channel=*&days=90", "lead"),
    Page("listening-texts", "listening/texts/", "lead"),
    Page("listening-texts", "listening/texts/?polarity=sour&since=x", "analyst", "what cannot be read"),
    Page("listening-targets", "listening/targets/?days=365", "lead"),
    Page("listening-searches", "listening/searches/", "lead"),
    Page("listening-search-new", "listening/searches/new/?polarity=negative", "lead"),
)  # fmt: skip
