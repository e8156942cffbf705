"""What readings are told in, by number: light, so that pages need not load what reads texts (a test compares both)."""

from typing import Final

POLARITY_NAMES: Final = ("negative", "neutral", "positive")
EMOTION_NAMES: Final = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")
LANGUAGE_NAMES: Final = ("other", "fr", "en", "und")
TARGET_NAMES: Final = ("unknown", "brand", "product", "member", "third_party")
