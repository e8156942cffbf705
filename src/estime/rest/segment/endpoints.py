"""Segment’s tracking API, as its unmodified libraries speak it: /v1/track and its siblings, one or many at once.

Answers are as Segment’s: `{"success": true}`, with what could not be kept named beside it. A message is known by its
messageId, so a library that sends again doubles nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.people.tokens import Bearer
from estime.rest.answers import JSON
from estime.rest.auth import basic_user, bearer_of, count, refusal
from estime.rest.bodies import body_read, json_read
from estime.rest.errors import BodyUnreadable, NotAllowed, RestError, TooManyActs
from estime.rest.problems import problem_of, problem_of_exception
from estime.rest.segment.messages import KINDS, BadMessage, Message, Received, act_of, sent_at

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


def _refused(problem: HttpResponse) -> HttpResponse:
    told = orjson.loads(problem.content)
    body = {"success": False, "code": told["code"], "message": told["detail"], "todo": told["todo"]}
    answer = HttpResponse(orjson.dumps(body), status=problem.status_code, content_type=JSON)
    for name in ("WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy"):
        if name in problem:
            answer[name] = problem[name]
    return answer


@_segment
def one(request: HttpRequest, kind: str) -> HttpResponse:
    """One message, whose kind the address says."""
    body = _body(request)
    channel = _channel(request, body)
    received = Received(clock.now(), None)
    refused = _keep(channel, [body], received, kind)
    if refused:
        raise RestError(refused[0]["reason"], todo="Mend the message.", headers={})
    return _done([])


@_segment
def batch(request: HttpRequest) -> HttpResponse:
    """Many messages; the good ones are kept, the others named."""
    body = _body(request)
    channel = _channel(request, body)
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


def _body(request: HttpRequest) -> Message:
    body = json_read(body_read(request, MOST_BYTES))
    if not isinstance(body, dict):
        raise BodyUnreadable("The body is not an object.", todo="Send what Segment’s libraries send.")
    return body


def _channel(request: HttpRequest, body: Message) -> str:
    """The channel that the write key is for. The key is a token: user name, bearer, or `writeKey` in the body."""
    key = basic_user(request)
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if not key and kind.lower() == "bearer":
        key = secret.strip()
    if not key and isinstance(body.get("writeKey"), str):
        key = body["writeKey"]
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
    """Append what can be an act; returns what cannot. A message told again in other words is the one told first."""
    refused = []
    drafts = []
    for index, message in enumerate(messages):
        try:
            draft = act_of(message, received, kind)
        except BadMessage as error:
            refused.append({"index": index, "code": error.code, "reason": error.reason})
            continue
        except (TypeError, ValueError, RecursionError):  # a text that is none, a number too large
            refused.append({"index": index, "code": "bad-message", "reason": "The message cannot be read."})
            continue
        if draft is not None:
            drafts.append((index, draft))
    outcomes = ledger.append_together(channel, drafts) if drafts else []
    for (index, _draft), outcome in zip(drafts, outcomes, strict=True):
        if outcome.status == "refused" and outcome.code != "act-differs":
            refused.append({"index": index, "code": outcome.code, "reason": outcome.reason})
    return sorted(refused, key=lambda told: told["index"])
