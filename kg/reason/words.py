"""A person's words → findings.

A phrase may hold several findings, in any word order. Names that lie wholly inside a clause compete, the one that
accounts for most of its rarer words first; what is left over as quality and site, or as circumstance with "worse" or
"better", is put together. What is not understood is listed, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.model import How, Match, Name, Status
from kg.reason.lexicon import SIDES, Entry, Lexicon, key_stems
from kg.reason.tokens import LINKING, Token, plain, stem, tokens

MAX_PHRASE = 400
SLACK = 4  # words that may stand between the words of one name
UNKNOWN_WEIGHT = 2.5
DENIALS = {stem(w) for w in ("no", "not", "without", "denies", "denied", "never", "negative", "nor", "none", "neither")}
MODES = {
    stem(w): mode
    for mode, words in (
        ("worseWith", "worse worst brought triggered provoked reproduces increases increased hurts flares only during"),
        ("betterWith", "eased best relief helps improves improved goes settles settled"),
    )
    for w in words.split()
}
GRADE = re.compile(r"\b([0-4])\s*[+-]?\s*/\s*5\b")
FULL_GRADE = re.compile(r"\b5\s*/\s*5\b")
CLAUSE = re.compile(r"[;,.:()\n]+(?!\d)|\bbut\b|\bthen\b|\bplus\b")
NUMBER = re.compile(r"(?P<sign>[<>≥≤]?)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>°?\s*[cf]\b|mg/dl|mg/l)?", re.I)


@dataclass(frozen=True, slots=True)
class Grounded:
    """One finding that a phrase reports.

    Attributes:
        id: the named finding, or None where only its parts have names.
        qualities, sites: the parts of an unnamed composition.
    """

    text: str
    status: Status
    id: str | None
    qualities: tuple[str, ...]
    sites: tuple[str, ...]
    side: str | None
    how: How
    score: float

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for two phrases that say the same."""
        return (self.id, self.qualities, self.sites) if self.id is None else (self.id,)


class Hit(NamedTuple):
    """A name found in a clause, at these word places."""

    entry: Entry
    places: frozenset[int]
    weight: float


def understand(phrases: Iterable[tuple[str, Status]], lexicon: Lexicon) -> tuple[tuple[Grounded, ...], tuple[str, ...]]:
    """What a list of phrases reports, and the phrases that no term fits."""
    found: list[Grounded] = []
    unmatched: list[str] = []
    for text, status in phrases:
        meant = ground(text, status, lexicon)
        found += meant
        if not meant:
            unmatched.append(text)
    return tuple(found), tuple(unmatched)


def as_matches(found: Sequence[Grounded], lexicon: Lexicon) -> tuple[Match, ...]:
    """The same as the public record of what was understood, one a phrase and status."""
    out: dict[tuple[str, Status], list[Grounded]] = {}
    for g in found:
        out.setdefault((g.text, g.status), []).append(g)
    return tuple(
        Match(
            text,
            status,
            tuple(dict.fromkeys(Name(i, lexicon.labels.get(i, i)) for g in group for i in ((g.id,) if g.id else (*g.qualities, *g.sites)))),
            group[0].how,
            round(max(g.score for g in group), 2),
            next((g.side for g in group if g.side), None),
        )
        for (text, status), group in out.items()
    )


def ground(text: str, status: Status, lexicon: Lexicon) -> tuple[Grounded, ...]:
    """The findings that one phrase reports; none where nothing is understood."""
    short = text[:MAX_PHRASE]
    whole = _whole_name(short, lexicon)
    side = _side(short)
    if whole:
        how: How = "exact" if whole.preferred else "synonym"
        return (Grounded(text, status, whole.id, (), (), side, how, 1.0),)
    rest, numbers = _numbers(short, lexicon)
    found = [Grounded(text, _flip(status, not high), i, (), (), side, "composed", 1.0) for i, high in numbers]
    carried: tuple[tuple[str, ...], str | None] = ((), None)
    for clause in CLAUSE.split(_grades(rest)):
        meant, carried = _clause(clause, text, status, side, lexicon, carried)
        found += meant
    return tuple({g.key: g for g in reversed(found)}.values())[::-1]


def _whole_name(text: str, lexicon: Lexicon) -> Entry | None:
    stems = key_stems(text)
    hits = [
        lexicon.entries[i]
        for s in stems
        for i in lexicon.by_stem.get(s, ())
        if lexicon.entries[i].stems == stems and lexicon.entries[i].role == "finding"
    ]
    same = [e for e in hits if plain(e.text) == plain(text).strip()]
    return min(same or hits, key=lambda e: (not e.preferred, e.id), default=None)


def _side(text: str) -> str | None:
    words = {t.stem for t in tokens(text)}
    if "both" in words or {"left", "right"} <= words:
        return "both"
    return next((s for s in ("left", "right") if s in words), None)


def _flip(status: Status, deny: bool) -> Status:
    return ("absent" if status == "present" else "present") if deny else status


def _grades(text: str) -> str:
    return FULL_GRADE.sub(" normal power ", GRADE.sub(" weak ", text))


def _numbers(text: str, lexicon: Lexicon) -> tuple[str, list[tuple[str, bool]]]:
    """Findings read off a number, whether each is abnormal, and the text without them."""
    found: list[tuple[str, bool]] = []
    for clause in re.split(r"[;,]", text):
        number = NUMBER.search(clause)
        if not number or "/" in clause[number.end() : number.end() + 1]:
            continue
        stems = [t.stem for t in tokens(clause[: number.start()])][-4:]
        for quantity in lexicon.measured:
            if any(_ends_with(stems, name) for name in quantity.names):
                found.append((quantity.id, _value(number) >= quantity.abnormal_from))
                text = text.replace(clause, " ", 1)
    return text, found


def _ends_with(stems: list[str], name: tuple[str, ...]) -> bool:
    return bool(name) and any(tuple(stems[i : i + len(name)]) == name for i in range(len(stems)))


def _value(number: re.Match[str]) -> float:
    value = float(number["number"])
    unit = (number["unit"] or "").replace("°", "").strip().lower()
    if unit == "f" or (unit == "" and 95 <= value <= 108 and number.string[: number.start()].strip().lower() in ("t", "temp", "temperature")):
        return (value - 32) / 1.8
    return value * 10 if unit == "mg/dl" and "crp" in number.string.lower() else value


def _clause(
    clause: str,
    text: str,
    status: Status,
    side: str | None,
    lexicon: Lexicon,
    carried: tuple[tuple[str, ...], str | None],
) -> tuple[list[Grounded], tuple[tuple[str, ...], str | None]]:
    words, fuzzy = _known_words(tokens(clause), lexicon)
    hits = _best_hits(words, lexicon)
    if not hits:
        return [], carried
    taken = frozenset().union(*(h.places for h in hits))
    denied = [w.place for w in words if w.stem in DENIALS and w.place not in taken]
    weights = {w.place: lexicon.rarity.get(w.stem, UNKNOWN_WEIGHT) for w in words if w.text not in LINKING and w.text not in SIDES}
    score = sum(weights.get(p, 0) for p in taken) / (sum(weights.values()) or 1)
    base = Grounded(text, status, None, (), (), side, "fuzzy" if fuzzy else "composed", min(1.0, score))
    own = tuple(h.entry.id for h in hits if h.entry.role == "quality")
    mode = next((MODES[w.stem] for w in words if w.stem in MODES and w.place not in taken), None)
    qualities, mode = own or carried[0], mode or (carried[1] if not own else None)
    out: list[Grounded] = []
    for hit in hits:
        here = replace(base, status=_flip(status, any(p < min(hit.places) for p in denied)))
        out += _meaning(hit.entry, here, qualities, own, hits, mode, lexicon)
    named = [lexicon.labels.get(h.entry.id, "") for h in hits if h.entry.role == "finding"]
    qualities = qualities or (_pain(lexicon) if any("pain" in n for n in named) else ())
    return out, (qualities, mode)


def _pain(lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(i for i, label in lexicon.labels.items() if label == "pain")[:1]


def _meaning(
    entry: Entry,
    base: Grounded,
    qualities: tuple[str, ...],
    own: tuple[str, ...],
    hits: Sequence[Hit],
    mode: str | None,
    lexicon: Lexicon,
) -> list[Grounded]:
    if entry.role == "finding":
        return [replace(base, id=entry.id, how=base.how if base.how == "fuzzy" else "synonym")]
    if entry.role == "site":
        return [_compose(base, q, entry.id, lexicon) for q in qualities]
    if entry.role == "circumstance":
        reports = (mode, "hasCourse") if mode else ("hasCourse", "worseWith") if qualities else ("hasCourse",)
        return [replace(base, id=f) for f in [next((lexicon.composed[r, entry.id] for r in reports if (r, entry.id) in lexicon.composed), None)] if f]
    if entry.role == "quality" and entry.id in own and not any(h.entry.role == "site" for h in hits):
        bare = lexicon.composed.get((entry.id, ""))
        return [replace(base, id=bare) if bare else replace(base, qualities=(entry.id,))]
    return []


def _compose(base: Grounded, quality: str, site: str, lexicon: Lexicon) -> Grounded:
    named = lexicon.composed.get((quality, site))
    return replace(base, id=named) if named else replace(base, qualities=(quality,), sites=(site,))


def _known_words(words: tuple[Token, ...], lexicon: Lexicon) -> tuple[tuple[Token, ...], bool]:
    """The words, misspelt ones replaced by the known word they nearly are."""
    out, changed = [], False
    for word in words:
        known = word.stem in lexicon.rarity or word.stem in DENIALS or word.stem in MODES
        near = None if known or len(word.stem) < 5 else _nearest(word.stem, lexicon)
        out.append(word._replace(stem=near) if near else word)
        changed = changed or near is not None
    return tuple(out), changed


def _nearest(word: str, lexicon: Lexicon) -> str | None:
    from difflib import get_close_matches

    like = [s for s in lexicon.rarity if s[0] == word[0] and abs(len(s) - len(word)) <= 2 and len(s) >= 5]
    return next(iter(get_close_matches(word, like, n=1, cutoff=0.84)), None)


def _best_hits(words: tuple[Token, ...], lexicon: Lexicon) -> list[Hit]:
    """Names in the clause, heaviest first, no word used twice; in order of place."""
    places: dict[str, list[int]] = {}
    for word in words:
        places.setdefault(word.stem, []).append(word.place)
    candidates = []
    for s in places:
        for i in lexicon.by_stem.get(s, ()):
            entry = lexicon.entries[i]
            if all(t in places for t in entry.stems):
                candidates += _placements(entry, places, lexicon)
    candidates.sort(key=lambda h: (-h.weight, not h.entry.preferred, h.entry.id))
    chosen: list[Hit] = []
    used: set[int] = set()
    for hit in candidates:
        if not used & hit.places:
            chosen.append(hit)
            used |= hit.places
    return sorted(chosen, key=lambda h: min(h.places))


ROLE_WEIGHT = {"finding": 1.05, "quality": 1.0, "site": 1.0, "circumstance": 1.0}


def _placements(entry: Entry, places: dict[str, list[int]], lexicon: Lexicon) -> list[Hit]:
    weight = sum(lexicon.rarity[s] for s in entry.stems) * ROLE_WEIGHT[entry.role]
    anchor = min(entry.stems, key=lambda s: len(places[s]))
    out = []
    for at in places[anchor]:
        at_places = frozenset(min(places[s], key=lambda p: abs(p - at)) for s in entry.stems)
        span = max(at_places) - min(at_places) + 1
        if len(at_places) == len(entry.stems) and span <= len(at_places) + SLACK:
            out.append(Hit(entry, at_places, weight * (len(at_places) / span) ** 0.25))
    return out
