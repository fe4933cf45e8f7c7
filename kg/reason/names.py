"""Names in a clause: which things of the lexicon its words speak of, misspelt words mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from kg.reason.clauses import DENIALS, SIDES
from kg.reason.lexicon import Entry, Lexicon, key_stems, order_of
from kg.reason.tokens import LINKING, MENDED_FROM, Token, plain

SLACK = 4  # words that may stand between the words of one name
OUT_OF_ORDER = 0.85  # weight of a name whose words stand in another order
ACROSS_JOINT = 0.7  # weight of a name with an "and" between its words: "knee swelling and calf pain" is no swollen calf
UNKNOWN_WEIGHT = 2.5  # of a word that no name holds, in units of inverse document frequency
FINDING_WEIGHT = 1.05  # a named finding goes before parts of the same weight
JOINT = re.compile(r"\b(?:and|or)\b|/")
SWAPPED_FROM = 9  # letters from which one letter may stand for another: "striking" is no "stroking"
# Right words that are one letter from a name's.
NOT_MISSPELT = frozenset(
    "setting listing testing talking resting mourning tested listed drawing feeling weekly spinach handle mother"
    " bother living moving losing loosing causing raising rising booking cooking stating staring stopped states".split()
)


class Hit(NamedTuple):
    """A name found in a clause, at these word places."""

    entry: Entry
    places: frozenset[int]
    weight: float

    @property
    def start(self) -> int:
        """Place of its first word."""
        return min(self.places)

    @property
    def end(self) -> int:
        """Place of its last word."""
        return max(self.places)


def whole_name(text: str, lexicon: Lexicon) -> Entry | None:
    """The finding whose name is this text, sides apart."""
    stems = key_stems(text)
    wanted = (stems, stems - SIDES)
    hits = [
        lexicon.entries[i]
        for s in stems
        for i in lexicon.by_stem.get(s, ())
        if lexicon.entries[i].stems in wanted and lexicon.entries[i].role == "finding"
    ]
    same = [e for e in hits if plain(e.text) == plain(text).strip()]
    return min(same or hits, key=lambda e: (not e.preferred, e.id), default=None)


def mended(words: Sequence[Token], lexicon: Lexicon, known: frozenset[str]) -> tuple[tuple[Token, ...], bool]:
    """The words, those that are one slip from a word of the names replaced by it, and whether any was.

    Args:
        known: stems that are right though no name holds them.
    """
    out, changed = [], False
    for word in words:
        right = word.stem in lexicon.rarity or word.stem in known or len(word.text) < MENDED_FROM
        near = None if right or word.text in NOT_MISSPELT else _one_slip(word.text, lexicon)
        out.append(word._replace(stem=near) if near else word)
        changed = changed or near is not None
    return tuple(out), changed


def _one_slip(word: str, lexicon: Lexicon) -> str | None:
    """The stem of the known word with the same first letter from which this one differs by one slip of a finger."""
    near = sorted({w for w in _slips(word) if w[0] == word[0] and w in lexicon.vocabulary})
    return lexicon.vocabulary[near[0]] if near else None


@lru_cache(1024)
def _slips(word: str) -> tuple[str, ...]:
    def edits() -> Iterator[str]:
        for i in range(1, len(word) + 1):
            head, tail = word[:i], word[i:]
            if tail:
                yield head + tail[1:]
            if len(tail) > 1:
                yield head + tail[1] + tail[0] + tail[2:]
            for c in ascii_lowercase:
                yield head + c + tail
                if tail and len(word) >= SWAPPED_FROM:
                    yield head + c + tail[1:]

    return tuple(w for w in edits() if len(w) >= MENDED_FROM)


def best_hits(
    words: Sequence[Token],
    joints: frozenset[int],
    lexicon: Lexicon,
    allowed: Callable[[Entry], bool],
) -> tuple[Hit, ...]:
    """Names in the clause, heaviest first, no word used twice; in order of place.

    Args:
        joints: places of "and" and "or".
        allowed: whether a name may be found here.
    """
    places: dict[str, list[int]] = {}
    for word in words:
        places.setdefault(word.stem, []).append(word.place)
    denying = {w.place for w in words if w.stem in DENIALS}
    candidates = []
    for s in places:
        for i in lexicon.by_stem.get(s, ()):
            entry = lexicon.entries[i]
            if all(t in places for t in entry.stems):
                candidates += [h for h in _placements(entry, places, lexicon) if allowed(entry)]
    candidates = [h for h in candidates if not _straddles(h, denying)]
    candidates = [
        h._replace(weight=h.weight * ACROSS_JOINT) if _straddles(h, joints) and not JOINT.search(h.entry.text) else h
        for h in candidates
    ]
    candidates.sort(key=lambda h: (-h.weight, not h.entry.preferred, h.entry.id))
    # "severe abdominal pain" is severe pain and abdominal pain: the word for pain may serve twice, no other may.
    shared = {p for s in lexicon.pain_stems for p in places.get(s, ())}
    chosen: list[Hit] = []
    used: set[int] = set()
    for hit in candidates:
        if not used & ((hit.places - shared) or hit.places):
            chosen.append(hit)
            used |= hit.places
    return tuple(sorted(chosen, key=lambda h: (h.start, h.end)))


def _straddles(hit: Hit, places: Collection[int]) -> bool:
    """Whether a denial or joint stands between the words of a name that does not hold it."""
    return any(hit.start < p < hit.end and p not in hit.places for p in places)


def _placements(entry: Entry, places: dict[str, list[int]], lexicon: Lexicon) -> list[Hit]:
    weight = sum(lexicon.rarity[s] for s in entry.stems) * (FINDING_WEIGHT if entry.role == "finding" else 1.0)
    anchor = min(entry.stems, key=lambda s: (len(places[s]), s))
    out = []
    for at in places[anchor]:
        at_places = {s: min(places[s], key=lambda p: (abs(p - at), p)) for s in entry.stems}
        here = frozenset(at_places.values())
        span = max(here) - min(here) + 1
        if len(here) == len(entry.stems) and span <= len(here) + SLACK:
            where = [at_places[s] for s in order_of(entry.text) if s in at_places]
            if "radiat" in at_places and where != sorted(where):
                continue  # "back pain radiating" is no "pain radiating to the back"
            ordered = 1.0 if where == sorted(where) else OUT_OF_ORDER
            out.append(Hit(entry, here, weight * ordered * (len(here) / span) ** 0.25))
    return out


def coverage(words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon) -> float:
    """Share of a clause's meaning words that names account for, rare words weighing more."""
    weights = {
        w.place: lexicon.rarity.get(w.stem, UNKNOWN_WEIGHT)
        for w in words
        if w.text not in LINKING and w.text not in SIDES and not w.text.isdigit()
    }
    return min(1.0, sum(weights.get(p, 0) for p in taken) / (sum(weights.values()) or 1))
