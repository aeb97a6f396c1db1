"""Turns texts into numbers, for training and for answers alike.

A word has its place by a hash of its letters: there is no list of words to keep in step,
and any text will do, in any script.
https://scikit-learn.org/stable/modules/feature_extraction.html#vectorizing-a-large-text-corpus-with-the-hashing-trick
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import filterfalse
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

# How many places there are. Another number, or other words, and it has to be trained anew.
PLACES = 4096

_WORD = re.compile(r"[^\W\d_]{3,}")
# They are in texts of all kinds, and tell nothing.
_COMMON = re.compile(
    "and|are|can|does|for|from|has|her|him|his|into|its|not|off|one|out|that|the|their|"
    "them|then|this|two|what|when|where|which|who|will|with|you|your"
)


def numbers_of(texts: Sequence[str]) -> NDArray[np.float32]:
    """A row for each text, with 1 at the place of each of its words."""
    rows = np.zeros((len(texts), PLACES), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[[crc32(part.encode()) % PLACES for part in parts_of(text)]] = 1
    return rows


def parts_of(text: str) -> Iterator[str]:
    """The words, and how they begin: `lamps` is nearly a `lamp`."""
    # Without marks first: thousands of them in a row would take long to put in order.
    letters = unicodedata.normalize("NFKD", without_marks(text)).casefold()
    for word in set(_WORD.findall(without_marks(letters))):
        if not _COMMON.fullmatch(word):
            yield word
            yield f"{word[:4]}…"


def without_marks(text: str) -> str:
    return "".join(filterfalse(unicodedata.combining, text))
