"""One act as a line of Activity Streams 2.0: what `formats.as2.reader` reads back to the same draft."""

from typing import Any

import orjson

from estime.ledger.drafts import ActDraft


def line(draft: ActDraft) -> bytes:
    """The act as one JSON line with its line feed. Times keep their microseconds."""
    doc: dict[str, Any] = {"@context": "https://www.w3.org/ns/activitystreams"}
    _put(doc, "id", draft.source_id)
    _put(doc, "type", draft.type)
    _put(doc, "actor", draft.actor)
    doc["published"] = draft.published.isoformat()
    made = {"id": draft.object_id, "type": draft.object_type} if draft.object_type else draft.object_id
    _put(doc, "object", made)
    _put(doc, "inReplyTo", draft.in_reply_to)
    _put(doc, "context", draft.context)
    if draft.lang and draft.content is not None:
        doc["contentMap"] = {draft.lang: draft.content}
    else:
        _put(doc, "content", draft.content)
        _put(doc, "estime:lang", draft.lang)
    _put(doc, "estime:value", draft.value)
    _put(doc, "estime:unit", draft.unit)
    _put(doc, "estime:incentive", draft.incentive)
    _put(doc, "estime:onBehalfOf", draft.on_behalf_of)
    if draft.origin is not None:
        doc["estime:channel"] = draft.origin.channel
        doc["estime:id"] = str(draft.origin.act_id)
        doc["estime:recorded"] = draft.origin.recorded.isoformat()
        doc["estime:account"] = str(draft.origin.account_key)
    _put(doc, "estime:extra", draft.extra)
    return orjson.dumps(doc, option=orjson.OPT_APPEND_NEWLINE)


def _put(doc: dict[str, Any], key: str, value: object) -> None:
    if value is not None:
        doc[key] = value
