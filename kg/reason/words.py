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
NEGATIVE = stem("negative")  # the one denial that follows what it denies: "SLR negative"
MODES = {
    stem(w): mode
    for mode, words in (
        (
            "worseWith",
            "worse worst brought triggered provoked reproduces increases increased hurts flares only during",
        ),
        ("betterWith", "eased best relief helps improves improved goes settles settled"),
    )
    for w in words.split()
}
GRADE = re.compile(r"\b([0-4])\s*[+-]?\s*/\s*5\b")
FULL_GRADE = re.compile(r"\b5\s*/\s*5\b")
CLAUSE = re.compile(r"[;,.:()\n]+(?!\d)|\bbut\b|\bthen\b|\bplus\b")
NUMBER = re.compile(
    r"(?P<sign>[<>≥≤]?)\s*(?<![\w.])(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>°?\s*[cf]\b|mg/dl|mg/l)?", re.I
)


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


OCCASION = re.compile(r"\b(only|after|when|whenever|on|during|by|if)\b", re.I)
WORD_NUMBERS = {
    w: float(n) for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1.0, "an": 1.0, "several": 4.0, "few": 3.0, "couple of": 2.0, "many": 10.0, "half a": 0.5}
DURATION = re.compile(
    r"\b(?P<count>\d+(?:\.\d+)?|"
    + "|".join(sorted(WORD_NUMBERS, key=len, reverse=True))
    + r")\s+(?P<unit>hour|hr|day|week|wk|month|year|yr)s?\b(?!\s*(ago|old|later|before|earlier))"
)


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
            tuple(
                dict.fromkeys(
                    Name(i, lexicon.labels.get(i, i))
                    for g in group
                    for i in ((g.id,) if g.id else (*g.qualities, *g.sites))
                )
            ),
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
    rest, numbers = _numbers(_grades(short), lexicon)
    found = [Grounded(text, _flip(status, not high), i, (), (), side, "composed", 1.0) for i, high in numbers]
    base = Grounded(text, status, None, (), (), side, "composed", 0.0)
    state = Carried()
    for clause in CLAUSE.split(rest):
        meant, state = _clause(clause, base, state, lexicon)
        found += meant
    found += _duration(rest, base, found, lexicon)
    return tuple({g.key: g for g in reversed(found)}.values())[::-1]


def _whole_name(text: str, lexicon: Lexicon) -> Entry | None:
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
        if not number:
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
    if unit == "f" or (
        unit == ""
        and 95 <= value <= 108
        and number.string[: number.start()].strip().lower() in ("t", "temp", "temperature")
    ):
        return (value - 32) / 1.8
    return value * 10 if unit == "mg/dl" and "crp" in number.string.lower() else value


def _clause(clause: str, base: Grounded, before: Carried, lexicon: Lexicon) -> tuple[list[Grounded], Carried]:
    """The findings of one clause, and what the next clause may take over from it."""
    words, fuzzy = _known_words(tokens(clause), lexicon)
    hits = _best_hits(words, lexicon)
    if not hits:
        return [], before
    taken = frozenset().union(*(h.places for h in hits))
    score = _coverage(words, taken, lexicon)
    base = replace(base, how="fuzzy" if fuzzy else "composed", score=score)
    denied = [w.place for w in words if w.stem in DENIALS and w.place not in taken]
    refuted = [w.place for w in words if w.stem == NEGATIVE and w.place not in taken]
    mode = next((MODES[w.stem] for w in words if w.stem in MODES and w.place not in taken), None)
    said = _parts_said(hits, lexicon)
    qualities = said.qualities or before.qualities
    if mode is None:
        mode = before.mode if not said.qualities else "worseWith" if OCCASION.search(clause) else None
        mode = mode or ("worseWith" if OCCASION.search(clause) and not said.qualities else None)
    out: list[Grounded] = []
    for hit in hits:
        deny = any(p < min(hit.places) for p in denied) or any(p > max(hit.places) for p in refuted)
        here = replace(base, status=_flip(base.status, deny))
        out += _meaning(hit, here, qualities, said, mode, lexicon)
    waiting = before.sites if said.qualities else before.sites + (said.free_sites if not qualities else ())
    if said.qualities and before.sites:
        out += [_compose(base, q, s, lexicon) for q in said.qualities for s in before.sites]
        waiting = ()
    return out, Carried(qualities, mode, waiting)


class Carried(NamedTuple):
    """What a clause leaves for the next: the quality last spoken of, worse or better, sites still without a quality."""

    qualities: tuple[str, ...] = ()
    mode: str | None = None
    sites: tuple[str, ...] = ()


class Said(NamedTuple):
    """The parts a clause names.

    Attributes:
        qualities: all of them, those of named findings included.
        own: qualities named alone.
        bound: places and parts of named findings that have a site.
        free_sites: sites named alone.
    """

    qualities: tuple[str, ...]
    own: tuple[str, ...]
    bound: tuple[tuple[int, tuple[str, ...], str], ...]
    free_sites: tuple[str, ...]

    def qualities_at(self, place: int) -> tuple[str, ...]:
        """Qualities that a site named alone takes: those named alone, and those of the finding before it."""
        before = [b for b in self.bound if b[0] < place] or list(self.bound)
        return tuple(dict.fromkeys(self.own + (before[-1][1] if before else ()))) or self.qualities


def _parts_said(hits: Sequence[Hit], lexicon: Lexicon) -> Said:
    own = [h.entry.id for h in hits if h.entry.role == "quality"]
    findings = [(min(h.places), *lexicon.parts.get(h.entry.id, ((), ()))) for h in hits if h.entry.role == "finding"]
    qualities = own + [q for _, qs, _ in findings for q in qs]
    if not qualities and any("pain" in lexicon.labels[h.entry.id] for h in hits if h.entry.role == "finding"):
        qualities = [i for i, label in lexicon.labels.items() if label == "pain"][:1]
    return Said(
        tuple(dict.fromkeys(qualities)),
        tuple(dict.fromkeys(own)),
        tuple((place, qs, sites[0]) for place, qs, sites in findings if sites),
        tuple(h.entry.id for h in hits if h.entry.role == "site"),
    )


def _coverage(words: Sequence[Token], taken: frozenset[int], lexicon: Lexicon) -> float:
    weights = {
        w.place: lexicon.rarity.get(w.stem, UNKNOWN_WEIGHT)
        for w in words
        if w.text not in LINKING and w.text not in SIDES
    }
    return min(1.0, sum(weights.get(p, 0) for p in taken) / (sum(weights.values()) or 1))


def _meaning(
    hit: Hit, base: Grounded, qualities: tuple[str, ...], said: Said, mode: str | None, lexicon: Lexicon
) -> list[Grounded]:
    entry = hit.entry
    if entry.role == "finding":
        return [replace(base, id=entry.id, how=base.how if base.how == "fuzzy" else "synonym")]
    if entry.role == "site":
        return [_compose(base, q, entry.id, lexicon) for q in said.qualities_at(min(hit.places)) or qualities]
    if entry.role == "circumstance":
        reports = (mode, "hasCourse") if mode else ("hasCourse", "worseWith") if qualities else ("hasCourse",)
        named = (lexicon.composed.get((r, entry.id)) for r in reports)
        return [replace(base, id=f) for f in [next((f for f in named if f), None)] if f]
    if said.bound:
        return [_compose(base, entry.id, site, lexicon) for *_, site in said.bound]
    if said.free_sites:
        return []
    bare = lexicon.composed.get((entry.id, ""))
    return [replace(base, id=bare) if bare else replace(base, qualities=(entry.id,))]


def _compose(base: Grounded, quality: str, site: str, lexicon: Lexicon) -> Grounded:
    named = lexicon.composed.get((quality, site))
    return replace(base, id=named) if named else replace(base, qualities=(quality,), sites=(site,))


def _duration(text: str, base: Grounded, found: Sequence[Grounded], lexicon: Lexicon) -> list[Grounded]:
    """Chronic (three months and longer) or acute (under six weeks) pain, where the phrase speaks of pain and a time."""
    time = DURATION.search(plain(text))
    if not time or not any(g.status == "present" and "pain" in lexicon.labels.get(g.id or "", "") for g in found):
        return []
    count = WORD_NUMBERS.get(time["count"]) or float(time["count"])
    days = (
        count
        * {"hour": 0.04, "hr": 0.04, "day": 1, "week": 7, "wk": 7, "month": 30, "year": 365, "yr": 365}[time["unit"]]
    )
    course = "chronic-course" if days >= 84 else "acute-course" if days <= 42 else None
    named = next(
        (f for (report, c), f in lexicon.composed.items() if report == "hasCourse" and course and c.endswith(course)),
        None,
    )
    return [replace(base, id=named, score=0.5)] if named else []


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

    like = [s for s in lexicon.rarity if s[0] == word[0] and abs(len(s) - len(word)) <= 2 and len(s) >= 4]
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
    # "severe abdominal pain" is severe pain and abdominal pain: the word for pain may serve twice, no other may.
    shared = {p for s in lexicon.pain_stems for p in places.get(s, ())}
    chosen: list[Hit] = []
    used: set[int] = set()
    for hit in candidates:
        if not used & ((hit.places - shared) or hit.places):
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
