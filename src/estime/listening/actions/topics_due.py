"""Whether topics are to be found again. Asked every minute, so nothing that finds them is loaded."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.actions.due import listen_due
from estime.listening.actions.forget import erased_total
from estime.listening.models import Followed
from estime.listening.topic_models import NORMAL_DAYS, TopicRun

VERSION = 1
"""Of the way topics are found: with another one they are found again."""
REST = timedelta(hours=1)
"""Between two runs that nobody asked for."""


class Scope(NamedTuple):
    """What is looked at: a channel's number, 0 for all, and how many days."""

    channel: int = 0
    days: int = NORMAL_DAYS


def topics_due() -> bool:
    """Whether a run would find something else than what is kept. Asked every minute."""
    last = TopicRun.objects.order_by("-made").values_list("made", flat=True).first()
    if last is None:
        return ledger.index_version()[1] > 0 and not listen_due()
    if clock.now() - last < REST:
        return False
    return TopicRun.objects.exclude(mark=topics_mark()).exists()


def topics_mark() -> str:
    """What found topics depend on: texts that can be found, what was read in them, who was erased, settings."""
    followed = Followed.objects.values_list("made", "step").first()
    told = configuration()
    accounts = sorted((a.channel, a.handle) for a in told.brand.accounts)
    depends = [VERSION, ledger.index_version()[1], followed, erased_total(), accounts]
    depends.append(told.privacy.sensitive_topics)
    return sha256(json.dumps(depends).encode()).hexdigest()
