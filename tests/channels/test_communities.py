"""Slack, Discourse and Zulip in the shapes they export."""

import json
import zipfile
from datetime import UTC, datetime

import pytest
from channels.reading import read_rows

from estime.channels import errors, registry

TS = "1433558207.760577"
WHEN = datetime(2015, 6, 6, 2, 36, 47, 760577, UTC)


def slack(**fields):
    return {"ts": TS, "channel": "general", "user": "U1", "text": "hello", "subtype": None} | fields


@pytest.fixture
def export(tmp_path):
    """A Slack export folder as Slack makes it."""
    folder = tmp_path / "export"
    files = {
        "users.json": [{"id": "U1", "name": "ana"}, {"id": "U9", "name": "poll", "is_bot": True}],
        "channels.json": [{"id": "C1", "name": "general"}],
        "dms.json": [{"id": "D1", "members": ["U1", "U2"]}],
        "general/2015-06-06.json": [
            {"ts": TS, "user": "U1", "text": "who comes?", "thread_ts": TS, "reactions": [
                {"name": "+1", "users": ["U2", "U9"]}, {"name": "-1::skin-tone-2", "users": ["U3"]}]},
            {"ts": "1433558300.000001", "user": "U2", "text": "me", "thread_ts": TS},
            {"ts": "1433558301.000001", "subtype": "bot_message", "bot_id": "B7", "text": "beep"},
            {"ts": "1433558302.000001", "user": "U9", "text": "poll"},
            {"ts": "1433558303.000001", "user": "U3", "subtype": "channel_join", "text": "<@U3> has joined"},
            {"ts": "1433558304.000001", "user": "U3", "subtype": "channel_topic", "text": "set"},
            {"ts": "1433558305.000001", "user": "USLACKBOT", "subtype": "tombstone", "text": "deleted"},
        ],
        "general/2015-06-07.json": [{"type": "message", "text": "no time"}],
        "D1/2015-06-06.json": [{"type": "message", "ts": TS, "user": "U1", "text": "private"}],
    }  # fmt: skip
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    (folder / "general/2015-06-08.json").write_text("[{")
    return folder


def check_export(rows):
    first, *rest = rows.acts
    assert (first.source_id, first.actor, first.type, first.published) == (
        f"general/{TS}",
        "U1",
        "Create",
        WHEN,
    )
    assert first.context == "general"
    assert first.in_reply_to is None
    assert [(a.type, a.actor, a.object_id) for a in rest] == [
        ("Like", "U2", f"general/{TS}"),
        ("Like", "bot:U9", f"general/{TS}"),
        ("Dislike", "U3", f"general/{TS}"),
        ("Create", "U2", "general/1433558300.000001"),
        ("Create", "bot:B7", "general/1433558301.000001"),
        ("Create", "bot:U9", "general/1433558302.000001"),
        ("Join", "U3", "general"),
        ("Update", "U3", "general"),
    ]
    assert {a.published for a in rest[:3]} == {WHEN}
    assert rest[3].in_reply_to == f"general/{TS}"
    assert rest[4].extra == {"subtype": "bot_message", "bot_id": "B7", "bot": True}
    assert rows.codes == [(7, "message-deleted"), (8, "missing-field"), (9, "bad-json")]
    assert len({a.source_id for a in rows.acts}) == len(rows.acts)


def test_slack_export_folder(export):
    assert registry.guess(export).name == "slack"
    check_export(read_rows(export))


@pytest.mark.parametrize("inside", ["", "My export/"])
def test_slack_export_zip(export, tmp_path, inside):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(export.rglob("*.json")):
            archive.write(file, inside + file.relative_to(export).as_posix())
    check_export(read_rows(path))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ts": None}, "missing-field"),
        ({"ts": "yesterday"}, "bad-time"),
        ({"user": None}, "missing-field"),
        ({"channel": ""}, "missing-field"),
        ({"reactions": [{"name": "x"}]}, "bad-field"),
        ({"reactions": ["x"]}, "bad-field"),
    ],
)
def test_slack_lines_that_say_too_little(write, change, code):
    rows = read_rows(write("a.jsonl", [json.dumps(slack()), json.dumps(slack(**change))]), "slack")
    assert rows.codes == [(2, code)]
    assert len(rows.acts) == 1


def test_slack_user_from_the_text(write):
    line = slack(user=None, subtype="file_comment", text="<@U4|ana> commented on your file")
    assert read_rows(write("a.jsonl", [json.dumps(line)])).acts[0].actor == "U4"


POST = {
    "id": 91, "topic_id": 5, "post_number": 1, "username": "ana", "created_at": "2024-01-01T10:00:00.123Z",
    "updated_at": "2024-01-03T10:00:00Z", "cooked": "<p>Hello <b>all</b></p>", "reply_to_post_number": None,
    "actions_summary": [{"id": 2, "count": 3}], "reads": 8, "post_type": 1,
}  # fmt: skip
QUOTE = '<aside class="quote"><blockquote>Hello</blockquote></aside><p>Yes<br>and &lt;no&gt;</p>'
POSTS = [
    POST,
    POST | {"post_number": 2, "username": "bob", "cooked": QUOTE, "actions_summary": [], "reads": None},
    POST
    | {"post_number": 3, "reply_to_post_number": 2, "raw": "**so**", "actions_summary": [], "reads": None},
    POST
    | {
        "post_number": 4,
        "post_type": 3,
        "action_code": "closed.enabled",
        "actions_summary": [],
        "reads": None,
    },
]


TOPIC = {"title": "T", "post_stream": {"posts": POSTS}}
LATEST = {"latest_posts": [POST | {"topic_title": "T"}, *POSTS[1:]]}


@pytest.mark.parametrize("whole", [TOPIC, LATEST])
@pytest.mark.parametrize("indent", [None, 1])
def test_discourse_documents(write, whole, indent):
    rows = read_rows(write("a.json", json.dumps(whole, indent=indent)))
    assert [(a.source_id, a.actor, a.type, a.in_reply_to, a.content) for a in rows.acts] == [
        ("5/1", "ana", "Create", None, "Hello all"),
        ("5/2", "bob", "Create", "5/1", "Yes\nand <no>"),
        ("5/3", "ana", "Create", "5/2", "**so**"),
        ("5/4", "ana", "Update", None, None),
    ]
    assert rows.acts[0].extra == {"title": "T"}
    assert {a.context for a in rows.acts} == {"5"}
    seen = datetime(2024, 1, 3, 10, tzinfo=UTC)
    assert [(o.object_id, o.metric, o.value, o.observed) for o in rows.observations] == [
        ("5/1", "likes", 3, seen),
        ("5/1", "reads", 8, seen),
    ]


def test_discourse_posts_as_lines_and_broken_ones(write):
    posts = [*POSTS[:2], POST | {"username": None}, POST | {"topic_id": "x"}]
    lines = [json.dumps(post) for post in posts]
    rows = read_rows(write("a.jsonl", lines))
    assert len(rows.acts) == 2
    assert rows.codes == [(3, "missing-field"), (4, "missing-field")]


def test_discourse_folder_of_topics(write, tmp_path):
    write("topics/5.json", json.dumps({"post_stream": {"posts": POSTS}}))
    write("topics/6.json", json.dumps({"post_stream": {"posts": [POST | {"topic_id": 6}]}}))
    assert len(read_rows(tmp_path / "topics", "discourse").acts) == 5


def test_discourse_document_of_something_else(write):
    with pytest.raises(errors.DocumentInvalid):
        read_rows(write("a.json", '{"post_stream": 3}'), "discourse")


MESSAGES = [
    {"id": 11, "sender": 1, "recipient": 21, "subject": "lunch", "content": "who", "date_sent": 1433558207.5},
    {"id": 12, "sender": 2, "recipient": 21, "subject": "lunch", "content": "me", "date_sent": 1433558208},
    {"id": 13, "sender": 9, "recipient": 21, "subject": "lunch", "date_sent": 1433558209,
     "content": "@_**Bob|2** [said](https://z/#narrow/channel/7-x/topic/lunch/near/12):\n```quote\nme\n```"},
    {"id": 14, "sender": 1, "recipient": 22, "subject": "", "content": "private", "date_sent": 1433558210},
    {"id": 15, "sender": 1, "recipient": 21, "subject": "other", "content": "x"},
]  # fmt: skip


def test_zulip_export_folder(write, tmp_path):
    realm = {
        "zerver_userprofile": [{"id": 9, "is_bot": True}],
        "zerver_stream": [{"id": 7, "name": "general"}],
        "zerver_recipient": [{"id": 21, "type": 2, "type_id": 7}, {"id": 22, "type": 1, "type_id": 1}],
        "zerver_reaction": [{"message": 11, "user_profile": 2, "emoji_name": "tada"}],
    }
    write("z/realm.json", json.dumps(realm))
    write("z/messages-000001.json", json.dumps({"zerver_message": MESSAGES, "zerver_usermessage": []}))
    write("z/messages-000002.json", "[")
    rows = read_rows(tmp_path / "z")
    assert [(a.source_id, a.type, a.actor, a.in_reply_to, a.context) for a in rows.acts] == [
        ("11", "Create", "1", None, "general/lunch"),
        ("11/tada/2", "Like", "2", None, "general/lunch"),
        ("12", "Create", "2", "11", "general/lunch"),
        ("13", "Create", "bot:9", "12", "general/lunch"),
    ]
    assert rows.codes == [(5, "missing-field"), (6, "bad-json")]


API = {
    "id": 11, "sender_id": 1, "sender_email": "a@x", "type": "stream", "display_recipient": "general",
    "subject": "lunch", "timestamp": 1433558207, "content": "<p>who?</p>", "content_type": "text/html",
    "reactions": [{"emoji_name": "+1", "user_id": 2}, {"emoji_name": "-1", "user": {"id": 3}}],
}  # fmt: skip
PRIVATE = API | {"id": 12, "type": "private", "display_recipient": [{"id": 1}], "reactions": []}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([API, PRIVATE]),
        json.dumps([API, PRIVATE], indent=2),
        json.dumps({"messages": [PRIVATE, API]}),
        json.dumps(API) + "\n" + json.dumps(PRIVATE),
    ],
)
def test_zulip_api_messages(write, content):
    rows = read_rows(write("a.json", content))
    assert [(a.source_id, a.type, a.actor, a.content) for a in rows.acts] == [
        ("11", "Create", "1", "who?"),
        ("11/+1/2", "Like", "2", ":+1:"),
        ("11/-1/3", "Dislike", "3", ":-1:"),
    ]
    assert rows.rejects == []
