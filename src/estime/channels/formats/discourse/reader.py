"""Discourse: posts as JSON Lines, or the forum's own JSON (a topic with `post_stream`, or `latest_posts`).

A post's id is topic/number. The first post of a topic opens it; a post that answers no post in particular
answers the first one.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from estime.channels.documents import html_text, json_document, objects_of
from estime.channels.errors import DocumentInvalid
from estime.channels.formats.jsonl.reader import objects
from estime.channels.moments import moment_reader
from estime.channels.options import ReadOptions
from estime.channels.peek import Peek
from estime.channels.rows import Draft, Row, Untranslatable, attempt
from estime.channels.source import Source
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

Post = dict[str, Any]
_LIKE, _SMALL_ACTION = 2, 3
_TOTALS = ("reads", "readers_count")


def sniff(peek: Peek) -> int:
    """Certain for post_stream, latest_posts, or a line that is a post."""
    first = peek.first_object
    if first is not None:
        keys = first.keys()
        sample, own = {"topic", "author", "at", "id"}, {"topic_id", "post_number", "username"}
        return 3 if sample <= keys or own <= keys or "post_stream" in keys or "latest_posts" in keys else 0
    named = ('"post_stream"' in peek.head, '"latest_posts"' in peek.head)
    return 3 if peek.looks_like_json and any(named) else 0


def read(source: Source, options: ReadOptions) -> Iterator[Row]:
    """Every post, then its totals where the forum gives them."""
    if source.path.is_dir():
        read_so_far = 0
        for entry in source.entries():
            if entry.endswith(".json"):
                for count, row in _document(source.entry(entry), options, read_so_far):
                    read_so_far = count
                    yield row
        return
    source = source.single()
    if _is_document(source):
        for _, row in _document(source, options, 0):
            yield row
        return
    times = moment_reader(options.time_format, options.zone)
    for item in objects(source):
        if isinstance(item, Reject):
            yield item
        elif "post_number" in item[1]:
            yield from attempt(item[0], item[1], lambda post: _post_drafts(post, times, None, None))
        else:
            yield from attempt(item[0], item[1], lambda post: [_line_act(post, times)])


def _is_document(source: Source) -> bool:
    head = next(Source(source.path, source.encoding, source.member).chunks(), b"")[:65536]
    return b'"post_stream"' in head or b'"latest_posts"' in head


def _document(source: Source, options: ReadOptions, number: int) -> Iterator[tuple[int, Row]]:
    """The posts of one document. Totals are dated by the last change that it tells of."""
    whole = json_document(source)
    stream = whole.get("post_stream") if isinstance(whole, dict) else None
    posts = stream.get("posts") if isinstance(stream, dict) else None
    posts = posts if posts is not None else whole.get("latest_posts") if isinstance(whole, dict) else None
    if not isinstance(posts, list):
        raise DocumentInvalid(
            f"“{source.name}” holds neither post_stream.posts nor latest_posts.",
            todo="Use /t/<topic>.json or /posts.json of the forum.",
        )
    times = moment_reader(options.time_format, options.zone)
    title = whole.get("title") if isinstance(whole.get("title"), str) else None
    observed = options.observed_at or _latest(posts, times)
    for post in objects_of(posts):
        number += 1
        for row in attempt(number, post, lambda p: _post_drafts(p, times, title, observed)):
            yield number, row


def _latest(posts: list[Any], times: Any) -> datetime | None:
    found = []
    for post in objects_of(posts):
        for key in ("created_at", "updated_at"):
            try:
                found.append(times(post.get(key)))
            except Untranslatable:
                continue
    return max(found, default=None)


def _post_drafts(post: Post, times: Any, title: str | None, observed: datetime | None) -> list[Draft]:
    topic, place = _whole(post, "topic_id"), _whole(post, "post_number")
    name = f"{topic}/{place}"
    author = post.get("username")
    if not isinstance(author, str) or not author:
        raise Untranslatable("missing-field", "The post has no “username”.")
    when = times(post.get("created_at"))
    answered = post.get("reply_to_post_number")
    parent = f"{topic}/{answered}" if isinstance(answered, int) else None if place == 1 else f"{topic}/1"
    small = post.get("post_type") == _SMALL_ACTION
    extra: dict[str, object] = {}
    heading = post.get("topic_title") or title
    if heading and place == 1:
        extra["title"] = heading
    if post.get("action_code"):
        extra["action_code"] = post["action_code"]
    if small:
        act = ActDraft(
            name, author, "Update", when, f"{topic}/1", "Note", None, str(topic), extra=extra or None
        )
    else:
        text = _text_of(post)
        act = ActDraft(
            name, author, "Create", when, name, "Note", parent, str(topic), text, extra=extra or None
        )
    return [act, *_totals(post, name, when, observed or when)]


def _text_of(post: Post) -> str | None:
    raw, cooked = post.get("raw"), post.get("cooked")
    if isinstance(raw, str):
        return raw
    return html_text(cooked) if isinstance(cooked, str) else None


def _totals(post: Post, name: str, when: datetime, observed: datetime) -> Iterator[Draft]:
    for summary in objects_of(post.get("actions_summary")):
        if summary.get("id") == _LIKE and isinstance(summary.get("count"), int):
            yield ObservationDraft(name, "likes", float(summary["count"]), observed, when, "Note")
    for key in _TOTALS:
        if isinstance(post.get(key), int):
            yield ObservationDraft(name, key, float(post[key]), observed, when, "Note")


def _whole(post: Post, key: str) -> int:
    value = post.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Untranslatable("missing-field", f"The post has no “{key}”.")
    return value


def _line_act(post: Post, times: Any) -> ActDraft:
    """A post of the short form: id, topic, title, author, at, reply_to, text."""
    for key in ("id", "topic", "author", "at"):
        if post.get(key) in (None, "") or isinstance(post[key], dict | list):
            raise Untranslatable("missing-field", f"The post has no “{key}”.")
    name, topic = str(post["id"]), str(post["topic"])
    parent = post.get("reply_to")
    if parent is None and "/" in name and not name.endswith("/1"):
        parent = f"{topic}/1"
    text = post.get("text")
    extra: dict[str, object] | None = {"title": post["title"]} if post.get("title") else None
    return ActDraft(
        name, str(post["author"]), "Create", times(post["at"]), name, "Note",
        None if parent is None else str(parent), topic, text if isinstance(text, str) else None, extra=extra,
    )  # fmt: skip
