"""What an installation shows of its brand: its name and its accent, read again whenever estime.toml changes."""

from functools import lru_cache

from estime.kernel.configuration import BadConfiguration, Brand, configuration
from estime.web.colours import PAPERS, is_colour, nearest_legible, on_accent

PRODUCT = "Estime"


def _brand() -> Brand:
    try:
        return configuration().brand
    except BadConfiguration:  # said by whatever needs the file; pages show our own name and accent
        return Brand()


def brand_name() -> str:
    """The brand's name; the product's where none was told."""
    return _brand().name.strip() or PRODUCT


def accents() -> dict[str, str]:
    """The accent told, for each scheme; empty where none was."""
    accent = _brand().accent
    return {} if accent is None else dict.fromkeys(PAPERS, accent)


def brand_css() -> str:
    """The accent of each scheme as it can be read on its paper, and what can be read on it."""
    return _css(tuple(accents().items()))


@lru_cache(maxsize=8)
def _css(told: tuple[tuple[str, str], ...]) -> str:
    rules = []
    for scheme, colour in told:
        if scheme in PAPERS and is_colour(colour):
            shown = nearest_legible(colour, PAPERS[scheme])
            names = f"--accent: {shown}; --on-accent: {on_accent(shown)};"
            rules.append(f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ {names} }} }}\n")
    return "".join(rules)
