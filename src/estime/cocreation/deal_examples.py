"""Worked examples to begin from: three deals that are honest, each in another way, and what a good brief says.

A deal is no legal advice; whoever leads has it read by who knows the law of the place. What is certain is that
nobody should have to ask a lawyer to understand it.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _


class DealExample(NamedTuple):
    """`code` is stable; `when`: for which challenges it is meant."""

    code: str
    name: str
    when: str
    parts: dict[str, str]


def deal_examples() -> list[DealExample]:
    """Three deals to begin from, in the reader's language."""
    return [_stays_yours(), _belongs_to_all(), _is_bought()]


def _stays_yours() -> DealExample:
    return DealExample(
        "stays-yours",
        _("It stays yours, and we may make it"),
        _("For ideas about a product or a service: most challenges."),
        {
            "owns": _("What you write, draw or photograph stays yours. An idea by itself belongs to nobody."),
            "licence": _(
                "You allow us to show it here and to make it, for this product and those that follow it, in all "
                "countries, for as long as we sell them. You may do what you like with it elsewhere."
            ),
            "if_adopted": _(
                "Your name stands in the credits of what was made, unless you would rather not. You get one of the "
                "first. There is no payment: you know that before you begin."
            ),
            "if_refused": _(
                "We do not use it, and we say why. After two years you may ask us to take it off this site."
            ),
            "if_withdrawn": _(
                "We stop using it from then on. What is made or ordered already stays; your words come off this site."
            ),
            "if_altered": _(
                "You see the new version before others do, and your name stays only with what you stand behind: you "
                "can say at any time that a version is not yours."
            ),
        },
    )


def _belongs_to_all() -> DealExample:
    return DealExample(
        "belongs-to-all",
        _("It belongs to everybody"),
        _("For recipes, patterns, tips, manuals: what gets better when everybody may use it."),
        {
            "owns": _("It stays yours, and everybody may use it: you, us, other members, our competitors."),
            "licence": _(
                "Creative Commons Attribution-ShareAlike 4.0 (CC BY-SA): use it, change it, sell it, name who made it, "
                "and share what you make of it in the same way. This cannot be taken back."
            ),
            "if_adopted": _(
                "We name you wherever we use it, and publish what we made of it under the same licence."
            ),
            "if_refused": _("It stays on this site, free for whoever has a use for it."),
            "if_withdrawn": _(
                "We take it off this site. Whoever copied it before may go on using it: that is what the licence says."
            ),
            "if_altered": _(
                "Whoever changes it says so. Your name goes with your version; you can ask to be left out of another."
            ),
        },
    )


def _is_bought() -> DealExample:
    return DealExample(
        "is-bought",
        _("We buy it, at a price that is said beforehand"),
        _("For finished work: a drawing, a model, a text, a sound."),
        {
            "owns": _(
                "Until we take it up it is yours alone. If we take it up, we buy the right to use it, for the price "
                "that stands below; you stay its author, and are named as such."
            ),
            "licence": _(
                "Until then we may only show it here, for this challenge. After that: for our products and what we say "
                "about them, for ten years, in all countries. You may show it as your work."
            ),
            "if_adopted": _(
                "We pay 1,500 euros for each work that we take up, within 30 days, against a simple contract that "
                "says what stands here and nothing else. Write your own amount here, and keep it."
            ),
            "if_refused": _(
                "It stays yours, entirely. We use nothing of it, and take it off this site if you wish."
            ),
            "if_withdrawn": _(
                "Before we have paid you can withdraw it whenever you like; it comes off this site at once."
            ),
            "if_altered": _(
                "We show you what we want to change. If you do not agree, your name is left out, and the price stays "
                "the same."
            ),
        },
    )


def brief_example(field: str) -> str:
    """What a good answer to one field of the brief looks like; empty where there is no example."""
    return _brief().get(field, "")


def brief_examples() -> list[str]:
    return list(_brief().values())


def _brief() -> dict[str, str]:
    return {
        "title": _("A lid that stays shut in a bag"),
        "problem": _(
            "The lid of our bottle opens in a bag. It happens mostly to people who carry it lying down: cyclists, "
            "parents, pupils. We want one that stays shut and can be opened with one hand."
        ),
        "known": _(
            "Of the 4,100 bottles sent back last year, 460 had leaked. Three designs were tried and dropped; their "
            "drawings lie in the backstage. A screw lid is safe, and half of those who tried it found it too slow."
        ),
        "decided": _("The bottle itself stays as it is: its mould is paid for until 2029."),
        "off_table": _("Single-use parts, and anything that puts the price above 25 euros."),
        "decider": _("Léa Martin, who leads the range, on what members have chosen."),
        "resources": _("20,000 euros for tools, our workshop for six weeks, 50 prototypes to try."),
    }
