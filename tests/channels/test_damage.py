"""Whatever is done to a source, reading it ends in rows, rejects or a typed error: never in anything else."""

import copy
import gzip
import json
import tempfile
from pathlib import Path

import pytest
from channels.reading import read_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.channels import registry
from estime.channels.options import ReadOptions
from estime.kernel.errors import EstimeError
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

SLACK = json.loads("""{"ts": "1433558207.760577", "channel": "c", "user": "U1", "text": "hi", "subtype": null,
    "thread_ts": "1.1", "reactions": [{"name": "+1", "users": ["U2"]}], "files": [{"id": "F"}]}""")
AS2 = json.loads("""{"id": "a", "type": "Create", "actor": {"id": "ana"}, "published": "2024-05-01T10:00:00Z",
    "context": {"id": "r"}, "object": {"id": "o", "type": "Note", "content": "x", "contentMap": {"fr": "x"},
    "inReplyTo": ["p"]}, "estime:id": "0190163d-8694-739b-aea5-966c26f8ad91", "estime:account": "17",
    "estime:channel": "f", "estime:recorded": "2024-05-01T10:00:00Z", "estime:extra": {"a": 1},
    "estime:value": 3}""")
POST = json.loads("""{"topic_id": 5, "post_number": 2, "username": "ana",
    "created_at": "2024-01-01T10:00:00Z", "cooked": "<p>a</p>", "reply_to_post_number": 1,
    "actions_summary": [{"id": 2, "count": 3}],
    "post_type": 1, "updated_at": null}""")
SHORT_POST = json.loads("""{"id": "5/2", "topic": 5, "author": "ana", "at": "2024-01-01T10:00:00Z",
    "reply_to": null, "text": "a"}""")
API = json.loads("""{"id": 11, "sender_id": 1, "sender_email": "a@x", "type": "stream",
    "subject": "s", "display_recipient": "g", "timestamp": 1433558207, "content": "x",
    "reactions": [{"emoji_name": "+1", "user_id": 2, "user": {"id": 2}}]}""")
EXPORTED = json.loads("""{"zerver_userprofile": [{"id": 9, "is_bot": true}],
    "zerver_stream": [{"id": 7, "name": "general"}],
    "zerver_recipient": [{"id": 21, "type": 2, "type_id": 7}],
    "zerver_reaction": [{"message": 11, "user_profile": 2, "emoji_name": "tada"}],
    "zerver_message": [{"id": 11, "sender": 1, "recipient": 21, "content": "w", "date_sent": 1.5}]}""")
DOCUMENTS = {
    "slack": SLACK,
    "as2": AS2,
    "discourse": {"title": "T", "post_stream": {"posts": [POST]}},
    "discourse 2": SHORT_POST,
    "discourse 3": POST,
    "zulip": {"messages": [API]},
    "zulip 2": API,
    "zulip 3": EXPORTED,
    "jsonl": {"author": "ana", "date": "2024-01-01T00:00:00Z", "text": "x", "id": 3, "rating": 4},
}
CSV = (
    "id;auteur;date;texte;note\n"
    '1;ana;2024-01-01T00:00:00Z;"ça; ""va""\noui";4\n2;bob;2024-01-02T00:00:00Z;x;\n'
)
INSIGHTS = "page;date;message;likes;shares;abonnés\nM;2024-01-01T10:00Z;hop;5;;900\n"

odd = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def places(value, path=()):
    """Every place in a document, as a path of keys."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def replaced(value, path, new):
    if not path:
        return new
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], new)
    return value


def check(content: bytes, form: str | None, name: str = "a") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            rows = read_rows(path, form, ReadOptions(channel="c"))
        except EstimeError as error:
            told = (error.code, error.todo)
            rows = None
    if rows is None:
        assert told[0] != "error"
        assert told[1]
        return
    for row in rows:
        if isinstance(row, Reject):
            assert row.line > 0
            assert row.reason
        else:
            assert isinstance(row[1], ActDraft | ObservationDraft)
            assert row[1].published is None or row[1].published.tzinfo is not None


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_value_anywhere_in_a_document(name, data):
    document = DOCUMENTS[name]
    damaged = replaced(document, data.draw(st.sampled_from(list(places(document)))), data.draw(odd))
    check(json.dumps(damaged).encode(), name.partition(" ")[0])


@pytest.mark.parametrize("form", sorted(set(registry.FORMATS) - {"polis", "estime"}))
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_bytes_replaced_anywhere(form, data):
    documents = [json.dumps(d).encode() for n, d in DOCUMENTS.items() if n.startswith(form)]
    content = data.draw(st.sampled_from(documents or [CSV.encode(), INSIGHTS.encode()]))
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 9, len(content))))
    damaged = content[:start] + data.draw(st.binary(max_size=6)) + content[end:]
    check(damaged, form)
    check(damaged, None)
    check(gzip.compress(damaged)[: data.draw(st.integers(1, 200))], form, "a.gz")


TOTAL = json.loads("""{"object_id": "o", "metric": "likes", "value": 3, "observed": "2024-05-01T10:00:00Z",
    "published": null, "object_type": "Note", "channel": "f"}""")


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([AS2, TOTAL]), st.data())
def test_any_value_anywhere_in_our_own_export(document, data):
    damaged = replaced(document, data.draw(st.sampled_from(list(places(document)))), data.draw(odd))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "channels.jsonl").write_text("\n")
        (folder / "acts.jsonl").write_text(json.dumps(damaged if document is AS2 else AS2))
        (folder / "observations.jsonl").write_text(json.dumps(damaged if document is TOTAL else TOTAL))
        rows = read_rows(folder, "estime", ReadOptions(channel="c", dry_run=True))
    assert len(rows) >= 2
