"""Which reader this version of Estime has, without loading it: workers ask every minute."""

import hashlib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from estime.kernel.configuration import configuration
from estime.listening.targets.listed import targets_installed

RULES: Final = 3
"""Raise it when readings are made in another way (scoring.py, near.py, targets/): every text is read again."""


def model_there() -> bool:
    """Whether there is a model to read by: a package always has one, a fresh checkout once one was trained."""
    return files("estime.listening.affect").joinpath("model.npz").is_file()


def reader_version() -> str:
    """The version of the reader that this installation has, with its targets as they are listed now."""
    return version_of(targets_installed(configuration()).digest)


@lru_cache(maxsize=8)
def version_of(targets: str) -> str:
    """A digest of the model, of the rules and of the targets. Two readers of one version read the same in each text."""
    return hashlib.sha256(f"{RULES} {_model_digest()} {targets}".encode()).hexdigest()


@cache
def _model_digest() -> str:
    model = files("estime.listening.affect").joinpath("model.npz").read_bytes()
    return hashlib.sha256(model).hexdigest()
