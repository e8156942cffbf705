"""Segment’s tracking API, as its unmodified libraries speak it: /v1/track and its siblings, one or many at once.

Answers are as Segment’s: `{"success": true}`, with what could not be kept named beside it. The libraries do not read
that, so what is refused also waits on the channel’s page to be mended. A message is known by its messageId, so a
library that sends again doubles nothing.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from estime.channels import api as channels
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.people.tokens import Bearer
from estime.rest.answers import JSON
from estime.rest.auth import basic_user, bearer_of, bearer_secret, count, refusal
from estime.rest.bodies import body_read, json_read
from estime.rest.errors import BodyUnreadable, MessageRefused, NotAllowed, TooManyActs
from estime.rest.problems import problem_of, problem_of_exception
from estime.rest.segment.messages import (
    KINDS,
    BadMessage,
    Message,
    Received,
    act_of,
    is_identify,
    remains_of,
    sent_at,
)

__all__ = ["KINDS", "batch", "one"]

MOST_BYTES = 500 * 1024
MOST_MESSAGES = 5_000
View = Callable[..., HttpResponse]


def _segment(view: View) -> View:
    """Open to programs only; every refusal in the words that Segment’s libraries read."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, **options: str) -> HttpResponse:
        try:
            return view(request, **options)
        except EstimeError as error:
            return _refused(problem_of(request, error))
        except Exception as error:
            return _refused(problem_of_exception(request, error))

    return guarded


def _refused(problem: HttpResponse, refused: Sequence[dict[str, Any]] = ()) -> HttpResponse:
    told = orjson.loads(problem.content)
    body = {"success": False, "code": told["code"], "message": told["detail"], "todo": told["todo"]}
    if refused:
        body["refused"] = refused
    answer = HttpResponse(orjson.dumps(body), status=problem.status_code, content_type=JSON)
    for name in ("WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy"):
        if name in problem:
            answer[name] = problem[name]
    return answer


@_segment
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """One message, whose kind the address says."""
    channel, body = _asked(request)
    refused = _keep(channel, [body], Received(clock.now(), None), kind)
    if refused:
        told = MessageRefused(refused[0]["reason"], todo="Mend the message, or what sends it.")
        return _refused(problem_of(request, told), refused)
    return _done([])


@_segment
def batch(request: HttpRequest) -> HttpResponse:
    """Many messages; the good ones are kept, the others named."""
    channel, body = _asked(request)
    messages = body.get("batch")
    if not isinstance(messages, list):
        raise BodyUnreadable("The body has no list “batch”.", todo='Send {"batch": […]}.')
    if len(messages) > MOST_MESSAGES:
        raise TooManyActs(f"More than {MOST_MESSAGES:,} messages are not taken at once.", todo="Send fewer.")
    return _done(_keep(channel, messages, Received(clock.now(), sent_at(body)), ""))


def _done(refused: list[dict[str, Any]]) -> HttpResponse:
    told: dict[str, Any] = {"success": True}
    if refused:
        told["refused"] = refused
    return HttpResponse(orjson.dumps(told), content_type=JSON)


def _asked(request: HttpRequest) -> tuple[str, Message]:
    """The channel that the write key is for, and the body. The key is a token: user name, bearer, or `writeKey` in the
    body, which is read for somebody known only, where the key stands in a header.
    """
    key = basic_user(request) or bearer_secret(request)
    channel = _channel(request, key) if key else ""
    body = json_read(body_read(request, MOST_BYTES))
    if not isinstance(body, dict):
        raise BodyUnreadable("The body is not an object.", todo="Send what Segment’s libraries send.")
    if not channel:
        told = body.get("writeKey")
        channel = _channel(request, told if isinstance(told, str) else "")
    return channel, body


def _channel(request: HttpRequest, key: str) -> str:
    bearer: Bearer = bearer_of(request, key)
    count(request, bearer, writes=True)
    if not bearer.may("acts:write"):
        raise refusal(bearer, "acts:write")
    if not bearer.channel:
        raise NotAllowed(
            "This token is not bound to a channel, so it cannot be a write key.",
            todo="Make one with the scope acts:write for one channel.",
        )
    return bearer.channel


def _keep(channel: str, messages: list[Any], received: Received, kind: str) -> list[dict[str, Any]]:
    """Append what can be an act, and keep what cannot be one to be mended; returns what that is and why.

    A message told again in other words is the one told first.
    """
    refused: list[ledger.Reject] = []
    drafts = []
    for index, message in enumerate(messages):
        try:
            draft = act_of(message, received, kind)
        except BadMessage as error:
            refused.append(_reject(index, error.code, error.reason, remains_of(message, received, kind)))
            continue
        except (TypeError, ValueError, RecursionError):  # a text that is none, a number too large
            told = "The message cannot be read."
            refused.append(_reject(index, "bad-message", told, remains_of(message, received, kind)))
            continue
        if draft is not None:
            drafts.append((index, draft))
    outcomes = ledger.append_together(channel, drafts) if drafts else []
    for (index, draft), outcome in zip(drafts, outcomes, strict=True):
        if outcome.status == "refused" and outcome.code != "act-differs":
            refused.append(ledger.reject(index, (str(outcome.code), str(outcome.reason)), draft))
    refused.sort()
    waiting = [told for told in refused if not is_identify(messages[told.line], kind)]
    channels.rejects_keep(channel, "Segment", "segment", waiting)
    return [{"index": told.line, "code": told.code, "reason": told.reason} for told in refused]


def _reject(index: int, code: str, reason: str, remains: dict[str, Any]) -> ledger.Reject:
    return ledger.Reject(index, code, reason, orjson.dumps(remains).decode())
