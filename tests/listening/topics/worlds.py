"""Texts of three separate worlds, for tests of topics: written by a rule, so that a test can count."""

from itertools import product

import numpy as np

BAKERY = (
    ["bread", "crust", "sourdough", "loaf", "oven", "flour", "baguette"],
    [
        "The {} of the {} was perfect again",
        "I dreamt of {} and {} this morning",
        "Could the {} come with more {}?",
    ],
)
CYCLING = (
    ["bicycle", "saddle", "brakes", "pedal", "handlebar", "helmet", "chain"],
    ["My {} squeaks next to the {}", "A lighter {} would suit the {}", "Who repairs a {} or a {} here?"],
)
LIVRAISON = (
    ["livraison", "colis", "transporteur", "retard", "facteur", "suivi", "entrepôt"],
    [
        "Le {} n’a rien à voir avec le {}",
        "Toujours pas de {} ni de {} chez moi",
        "Est-ce que le {} passe avant le {} ?",
    ],
)


def world(told: tuple[list[str], list[str]]) -> list[str]:
    """Every pair of two different words in every sentence: 126 texts."""
    words, sentences = told
    return [sentence.format(a, b) for sentence, (a, b) in product(sentences, product(words, words)) if a != b]


def three() -> tuple[list[str], np.ndarray]:
    """The texts of all three, and which world each is of."""
    parts = [world(told) for told in (BAKERY, CYCLING, LIVRAISON)]
    return [text for part in parts for text in part], np.repeat(np.arange(3), [len(part) for part in parts])
