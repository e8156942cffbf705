"""Protects reading from whatever people write: each text that the ledger takes is read once, and comes to the lake."""

from pathlib import Path

from ledger.acts import act, rows

from estime.engagement.actions.hear import hear
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening.actions.listen import Heard, listen
from estime.listening.models import Reading

OTHER, FRENCH, ENGLISH, SHORT = range(4)
TEXTS = {
    "empty": "",
    "blank": " \t\r\n ",
    "unseen": "\x01\x02\x1b\u200b\u202e\ufeff",
    "emoji": "😡😡😡",
    "right to left": "شكرا جزيلا لكم جميعا على كل شيء",
    "mixed scripts": "Здравствуйте, 你好世界, どうもありがとう, مرحبا بالجميع",
    "long": "J'adore cette crème, elle est magnifique ! " * 25_000,
    "one word": "a" * 1_000_000,
    "html": "<p onclick='x()'>I <b>love</b> this cream,</p><script>alert(1)</script><p>it is wonderful, thank you!</p>",
    "plain": "I love this cream, it is wonderful, thank you!",
    "turned": "\u202eI love this cream, it is wonderful, thank you!\x07",
}
REFUSED = {"NUL": "a\x00b", "half a character": "a\ud83d"}
COPIES = 10_000


def test_every_text_has_a_clear_outcome(installed: Path) -> None:
    told = ledger.append("forum", rows(*(act(n, content=text) for n, text in enumerate(TEXTS.values()))))
    assert (told.new, told.rejects) == (len(TEXTS), [])
    bad = [act(90 + n, content=text) for n, text in enumerate(REFUSED.values())]
    refused = ledger.append("forum", rows(*bad))
    assert (refused.new, {each.code for each in refused.rejects}) == (0, {"nul-byte", "bad-encoding"})
    copy = "Boycott ! Partagez cette vidéo avec tous vos amis."
    ledger.append("forum", rows(*(act(100 + n, content=copy) for n in range(COPIES))))
    assert listen(processes=1) == Heard(len(TEXTS) + COPIES, 0)
    found = dict(zip(TEXTS, Reading.objects.order_by("seq"), strict=False))
    assert all(one.negative + one.neutral + one.positive == 1000 for one in found.values())
    for name in ("empty", "blank", "unseen"):
        one = found[name]
        assert (one.lang, one.unclear, one.near, one.felt) == (SHORT, True, 0, 0), name
    emoji = found["emoji"]
    assert (emoji.lang, emoji.unclear, emoji.negative > 500) == (SHORT, False, True)
    assert [found[name].lang for name in ("right to left", "mixed scripts")] == [OTHER, OTHER]
    assert (found["long"].lang, found["long"].positive > 800) == (FRENCH, True)
    for name in ("html", "turned", "plain"):
        assert (found[name].lang, found[name].positive > 800) == (ENGLISH, True), name
    assert found["turned"].near == found["plain"].near
    copies = Reading.objects.order_by("seq")[len(TEXTS) :]
    assert len({(one.near, one.negative, one.positive, one.lang) for one in copies}) == 1
    _in_the_lake(Lake(str(installed / "lake")))


def _in_the_lake(lake: Lake) -> None:
    hear(lake)
    table = lake.table("readings")
    assert table is not None
    columns = table.to_pyarrow_table().select(["seq", "valence", "unclear"]).to_pydict()
    there = sorted(zip(*columns.values(), strict=True))
    assert there == [
        (one.seq, one.positive - one.negative, one.unclear and one.toward is None)
        for one in Reading.objects.order_by("seq")
    ]
