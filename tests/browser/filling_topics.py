"""Topics in the installation of the browser tests: of all channels, with quotes; and a place where none was found."""

from typing import Any

from listening.kept_topics import run, topic

from estime.kernel import clock
from estime.ledger.models import Act


def topics_filled() -> dict[str, Any]:
    """Three topics that are told and one of too few people; the acts are real ones."""
    seqs = list(
        Act.objects.filter(channel__name="houston-slack", type="Create", content__gt="")
        .order_by("-seq")
        .values_list("seq", flat=True)[:40]
    )
    now = clock.now()  # so that the worker does not look for them at once
    made = run(made=now, left_out={"health": 1}, stability=0.3)
    topic(made, 1, seqs=seqs[:3])
    topic(made, 2, seqs=seqs[3:6], label="délai · livraison", direction="less", ratio=0.4, low=0.2, high=0.7)
    topic(made, 3, label="old news", newcomers=0, regulars=0, direction="gone")
    topic(made, 4, newcomers=3, regulars=1, before_people=2)
    run(days=365, made=now, outcome="too-few", stability=None)
    return {}
