"""Wordings of a concept."""

import re

TEMPLATES = """a photo of a {}.
a photo of a {}.
a photo of a {}
a {}
{}
a photo of the {}.
a picture of a {}.
an image of a {}
a close-up photo of a {}.
a blurry photo of a {}.
a bright photo of a {}.
a small photo of a {}.
a good photo of a {}.
this is a {}.
there is a {} in the picture.
the {}
a photo of one {}.
a low resolution photo of a {}.
a cropped photo of a {}.
a photo of {}.
a snapshot of a {}
my {}
a photo of a large {}.
a photo of a small {}.""".split("\n")
KIND_OF = ["a photo of a {}, a type of {}.", "a {}, a kind of {}", "a photo of a {} ({})", "{} {}"]
PLURAL = ["a photo of {}.", "{}", "two {}", "some {}"]


def an(text):
    """'a' before a vowel becomes 'an'."""
    return re.sub(r"\b([Aa]) (?=[aeioAEIO])", r"\1n ", text)


def plural(word):
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word.endswith("s") else word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def caption(table, concept, rnd, p_up=0.2):
    """A random wording of a concept: its name or another one, sometimes with a super-category, rarely in the plural."""
    names = table["names"][concept]
    word = names[0] if rnd.random() < 0.6 else rnd.choice(names)
    ups = table["up"][concept]
    if ups and rnd.random() < p_up:
        kind = table["names"][rnd.choice(ups)][0]
        return an(rnd.choice(KIND_OF).format(word, kind))
    if rnd.random() < 0.06:
        return rnd.choice(PLURAL).format(plural(word))
    return an(rnd.choice(TEMPLATES).format(word))


def eval_caption(name):
    """The prompt of every figure in the model card."""
    return an(f"a photo of a {name}.")
