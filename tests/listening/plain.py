"""A reader whose readings can be told by hand, for tests of what is kept: `+` is positive, `-` is negative."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estime.listening.near import near_keys
from estime.listening.scoring import NOT_TOWARD, Scores
from estime.listening.targets.attributing import Place


@dataclass(frozen=True)
class PlainReader:
    """Fits `scoring.Reader`. Another `strength` reads every text in another way, and is another version."""

    strength: int = 800

    @property
    def version(self) -> str:
        return f"plain {self.strength}"

    def scores(self, texts: Sequence[str], places: Sequence[Place] = ()) -> Scores:
        if any("fall" in text for text in texts):
            raise ValueError("told to")
        count = len(texts)
        shares = np.zeros((count, 3), np.int16)
        for row, text in enumerate(texts):
            at = 2 if "+" in text else 0 if "-" in text else 1
            shares[row, at] = self.strength if at != 1 else 1000
            shares[row, 1] += 1000 - shares[row].sum()
        return Scores(
            lang=np.ones(count, np.int16),
            shares=shares,
            emotions=np.tile(np.arange(8, dtype=np.uint8), (count, 1)),
            felt=np.full(count, 16, np.int16),
            unclear=np.array(["?" in text for text in texts], np.bool_),
            target=(ours := np.array(["@brand" in text for text in texts], np.int16)),
            target_id=np.zeros(count, np.int16),
            toward=np.where(ours > 0, shares[:, 2] - shares[:, 0], NOT_TOWARD).astype(np.int16),
            near=near_keys(texts).view(np.int64),
        )
