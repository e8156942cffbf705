"""A whole challenge, lived in the browser by four members and two of the brand's people; a question answered late.

Twice: in French on a phone in the dark, in English on a desk in the light. What is said between people is theirs
(lived_words.py); what pages say comes from the catalogue, so a page in the wrong language does not pass.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from browser import lived_loop, lived_making, lived_voting
from browser.lived import Life
from browser.place import Place, Visit

pytestmark = pytest.mark.browser

RUNS: dict[str, dict[str, Any]] = {
    "fr": {"width": 360, "scheme": "dark"},
    "en": {"width": 1440, "scheme": "light"},
}


@pytest.fixture(params=RUNS)
def life(request: pytest.FixtureRequest, lived: Place, chromium: Any) -> Iterator[Life]:
    visit = Visit(chromium, lived)
    yield Life(lived, visit, request.param, **RUNS[request.param])
    visit.close()


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    """A picture as somebody has it on their phone."""
    path = tmp_path / "sketch.jpg"
    drawn = Image.new("RGB", (1200, 800), "#e9e2d4")
    pen = ImageDraw.Draw(drawn)
    pen.rounded_rectangle((380, 180, 820, 700), 60, outline="#3b4a45", width=14)
    pen.rounded_rectangle((470, 90, 730, 200), 24, fill="#b5523b")
    pen.line((820, 300, 900, 360, 820, 420), fill="#3b4a45", width=14)
    drawn.save(path)
    return path


def test_a_whole_challenge(life: Life, sketch: Path) -> None:
    life.later(1)
    challenge = lived_making.opened(life)
    latch = lived_making.proposed(life, challenge, sketch)
    screw = lived_making.proposed_alike(life, challenge)
    lived_making.improved(life, latch)
    lived_making.talked(life, latch)
    lived_making.written_together(life, latch)
    strap = lived_making.built_on(life, latch)
    lived_making.brought_together(life, latch, strap)
    lived_making.taken_apart(life, latch, strap)
    lived_voting.voted(life, challenge)
    lived_voting.counted(life, challenge)
    lived_loop.decided(life, challenge, {"latch": latch, "screw": screw, "strap": strap})
    lived_loop.taken_into_account(life, latch)
    lived_loop.promised_and_made(life, challenge, latch, sketch)
    lived_loop.told(life, sketch.parent)
    assert life.wrong == [], "\n".join(life.wrong)


def test_a_question_that_is_answered_late(life: Life) -> None:
    life.later(1)
    asked = lived_loop.asked(life)
    lived_loop.answered_late(life, asked)
    assert life.wrong == [], "\n".join(life.wrong)
