"""A reader's own copy of the text whose claims are tested -> the same text with its claims marked.

A case cites its document and never copies it; whoever has a copy can see each claim in its place.
A copy may be another edition: claims are found by their words, and what is not found is told.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

from foedus.case.schema import Case
from foedus.errors import RunError

ALIKE = 0.8  # share of letters in common, in order, from where on words are the claim's
LARGEST = 2_000_000  # letters


@dataclass(frozen=True)
class Place:
    """Where the words of a claim stand in a text."""

    claim: str
    start: int
    end: int
    alike: float  # 1 if word by word


@dataclass(frozen=True)
class Piece:
    """A stretch of the text, the claims it is part of, and those that end with it."""

    text: str
    claims: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class Marked:
    """A text with its claims marked."""

    pieces: tuple[Piece, ...]
    changed: tuple[Place, ...]  # found, though not word by word
    lost: tuple[str, ...]  # claims whose words are not there


def read_document(path: str | Path) -> str:
    """The text of a file, plain or with its letters escaped as in HTML.

    Raises:
        RunError: if it is no text, is empty, or is longer than a book.
        OSError: if it cannot be read.
    """
    try:
        text = html.unescape(Path(path).read_text("utf-8"))
    except UnicodeDecodeError:
        raise RunError(f"{path} is no text in UTF-8; save the document as plain text") from None
    if not text.strip():
        raise RunError(f"{path} is empty; save the document as plain text")
    if len(text) > LARGEST:
        raise RunError(f"{path} has {len(text):,} letters; {LARGEST:,} is the most that is read")
    return text


def mark(text: str, case: Case) -> Marked:
    """Find every claim of a case in a text; the nearest place to its offset, if it has several."""
    words = [(m.group().casefold(), m.start(), m.end()) for m in re.finditer(r"\w+", text)]
    places, lost = [], []
    for name, claim in case.claims.items():
        found = _found(name, claim.quote, claim.offset, words)
        if found is None:
            lost.append(name)
        else:
            places.append(found)
    changed = tuple(place for place in places if place.alike < 1)
    return Marked(_pieces(text, places), changed, tuple(lost))


def _found(
    claim: str, quote: str, offset: int, words: Sequence[tuple[str, int, int]]
) -> Place | None:
    """The place whose words are most like those of the quote."""
    wanted = re.findall(r"\w+", quote.casefold())
    matcher = SequenceMatcher(b=" ".join(wanted), autojunk=False)
    some, count, best = set(wanted), len(wanted), None
    for first in range(len(words) - count + 1):
        window = words[first : first + count]
        these = [word for word, *_ in window]
        if these == wanted:
            alike = 1.0
        elif 2 * sum(word in some for word in these) < count:
            continue
        else:
            matcher.set_seq1(" ".join(these))
            if matcher.quick_ratio() < ALIKE or (alike := matcher.ratio()) < ALIKE:
                continue
            alike = min(alike, 0.999)
        place = Place(claim, window[0][1], window[-1][2], alike)
        if best is None or _rank(place, offset) > _rank(best, offset):
            best = place
    return best


def _rank(place: Place, offset: int) -> tuple[float, int]:
    return place.alike, -abs(place.start - offset)


def _pieces(text: str, places: list[Place]) -> tuple[Piece, ...]:
    """The text, cut wherever a claim begins or ends."""
    edges = sorted({0, len(text), *(p.start for p in places), *(p.end for p in places)})
    return tuple(
        Piece(
            text[start:end],
            tuple(p.claim for p in places if p.start <= start and end <= p.end),
            tuple(p.claim for p in places if p.end == end),
        )
        for start, end in pairwise(edges)
    )
