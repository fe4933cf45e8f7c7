"""Names of all things that a phrase can be about, indexed by their stems."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Literal, NamedTuple

from kg.reason.tokens import LINKING, MENDED_FROM, plain, tokens

Role = Literal["finding", "quality", "site", "circumstance"]
SIDES = {"left", "right"}
# Structures under a named finding's site: a weak EHL is a weak great toe, an aching sacroiliac joint an aching area.
WITHIN = {"Muscle", "Joint", "Bone", "Movement", "Organ"}
ARTICLES = {"a", "an", "the", "my", "of", "in", "on", "at", "to"}


class Entry(NamedTuple):
    """One name of one thing."""

    id: str
    role: Role
    stems: frozenset[str]
    text: str
    preferred: bool


class Measured(NamedTuple):
    """A finding that is read off a number, such as a raised CRP.

    Attributes:
        names: stems of the ways to write the quantity, each a tuple.
        abnormal_from: the number from which the finding holds, if it is a high one.
        abnormal_below: the number below which the finding holds, if it is a low one.
    """

    id: str
    names: tuple[tuple[str, ...], ...]
    abnormal_from: float | None = None
    abnormal_below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether this number is the finding.

        >>> Measured("anaemia", (("hb",),), abnormal_below=12.0).holds(7.8)
        True
        """
        high = self.abnormal_from is not None and value >= self.abnormal_from
        return high or (self.abnormal_below is not None and value < self.abnormal_below)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All names, ready to be looked up.

    Attributes:
        by_stem: stem → positions in `entries`.
        rarity: stem → inverse document frequency over the names.
        measured: findings read off a number.
        labels: thing → preferred label.
        composed: (quality, site) → the named finding that is just that; ("worseWith", circumstance) likewise.
        parts: finding → its qualities and sites.
        pain_stems: stems of the one-word names of pain.
        kinds: thing → local name of its class, such as "HistoryItem" or "Movement".
        pains: the quality of pain and those narrower than it.
        both_of: finding → the named finding that is the same on both sides.
        courses: findings that say nothing but how pain came on or goes on → the circumstance.
        one_word: stem → qualities that are called just that.
        quality_ids: preferred label of a quality → its identifier.
        modal: findings that say what makes a complaint worse or better → ("worseWith" or "betterWith", circumstance).
        vocabulary: every word of the names, as written → its stem; what a misspelt word is mended to.
    """

    entries: tuple[Entry, ...]
    by_stem: Mapping[str, tuple[int, ...]]
    rarity: Mapping[str, float]
    measured: tuple[Measured, ...]
    labels: Mapping[str, str]
    composed: Mapping[tuple[str, str], str]
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    pain_stems: frozenset[str]
    kinds: Mapping[str, str]
    pains: frozenset[str]
    both_of: Mapping[str, str]
    courses: Mapping[str, str]
    vocabulary: Mapping[str, str]
    one_word: Mapping[str, frozenset[str]]
    quality_ids: Mapping[str, str]
    modal: Mapping[str, tuple[str, str]]

    def quality(self, label: str) -> str | None:
        """The quality with this preferred label."""
        return self.quality_ids.get(label)


def key_stems(text: str) -> frozenset[str]:
    """The stems that a phrase must hold for this name to be in it; small linking words do not count.

    >>> sorted(key_stems("pain in the back of the thigh"))
    ['pain', 'posterior', 'thigh']
    """
    found = tokens(text)
    return frozenset(t.stem for t in found if t.text not in LINKING) or frozenset(t.stem for t in found)


@lru_cache(4096)
def order_of(text: str) -> tuple[str, ...]:
    """The stems of a name as they stand in it.

    Not kept in the lexicon: few names are ever asked, and every command would have to load all.
    """
    return tuple(dict.fromkeys(t.stem for t in tokens(text)))


def is_hollow(text: str, stems: frozenset[str]) -> bool:
    """Whether a name of several words keeps so few stems that it would fit nearly anything.

    >>> is_hollow("just one leg", key_stems("just one leg")), is_hollow("sciatica", key_stems("sciatica"))
    (True, False)
    """
    return len(stems) == 1 and len([w for w in plain(text).split() if w not in ARTICLES]) > 1


def build_lexicon(
    named: Iterable[tuple[str, Role, str, bool]],
    measured: Iterable[tuple[str, tuple[str, ...], float | None, float | None]],
    labels: Mapping[str, str],
    composed: Mapping[tuple[str, str], str],
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    kinds: Mapping[str, str],
    pains: frozenset[str],
) -> Lexicon:
    """Index the names.

    Args:
        named: (thing, role, name, is it the preferred label) for each name.
        measured: (finding, names of the quantity, number from which and number below which it holds).
        labels: thing → preferred label.
        composed: (quality, site) → named finding.
        parts: finding → its qualities and sites.
        kinds: thing → local name of its class.
        pains: pain and the qualities narrower than it.
    """
    entries: list[Entry] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    for thing, role, text, preferred in named:
        stems = key_stems(text)
        if stems and (thing, stems) not in seen and (preferred or not is_hollow(text, stems)):
            seen.add((thing, stems))
            entries.append(Entry(thing, role, stems, text, preferred))
    index, rarity = _index(entries)
    quantities = tuple(
        Measured(i, tuple(tuple(w.stem for w in tokens(n)) for n in names), high, low)
        for i, names, high, low in measured
    )
    both_of = _both_of(entries)
    by_name = _by_name(entries, composed, labels, parts, pains, kinds)
    return Lexicon(
        tuple(entries),
        index,
        rarity,
        quantities,
        dict(labels),
        dict(composed) | by_name,
        _all_parts(parts, by_name, both_of, kinds),
        _pain_stems(entries, labels),
        dict(kinds),
        pains,
        both_of,
        {f: c for (report, c), f in composed.items() if report == "hasCourse"},
        {w.text: w.stem for e in entries for w in tokens(e.text) if len(w.text) >= MENDED_FROM},
        _one_word(entries),
        {labels[i]: i for i, kind in kinds.items() if kind == "Quality"},
        {f: key for key, f in composed.items() if key[0] in ("worseWith", "betterWith")},
    )


def _index(entries: Sequence[Entry]) -> tuple[dict[str, tuple[int, ...]], dict[str, float]]:
    count = Counter(s for e in entries for s in e.stems)
    index: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        # An entry is looked up through its rarest stem only: every phrase that holds the name holds that stem.
        index[min(entry.stems, key=lambda s: (count[s], s))].append(i)
    return {k: tuple(v) for k, v in index.items()}, {s: log(1 + len(entries) / n) for s, n in count.items()}


def _pain_stems(entries: Sequence[Entry], labels: Mapping[str, str]) -> frozenset[str]:
    return frozenset(s for e in entries if labels[e.id] == "pain" and len(e.stems) == 1 for s in e.stems)


def _all_parts(
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    by_name: Mapping[tuple[str, str], str],
    both_of: Mapping[str, str],
    kinds: Mapping[str, str],
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The parts of findings, those that only their names tell included."""
    told = {f: ((q,), (s,)) for (q, s), f in by_name.items() if kinds[s] != "Circumstance" and not any(parts[f])}
    out = {**parts, **told}
    return out | {both: out[one] for one, both in both_of.items() if not any(out[both])}


def _by_name(
    entries: Sequence[Entry],
    composed: Mapping[tuple[str, str], str],
    labels: Mapping[str, str],
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    pains: frozenset[str],
    kinds: Mapping[str, str],
) -> dict[tuple[str, str], str]:
    """(quality, site) → the finding whose preferred label, or other name if the quality agrees, says just these two.

    "Weakness of the leg" has no parts in the graph, because it is wider than any muscle; its name says what it is.
    """
    by_stems: dict[frozenset[str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.role == "finding":
            by_stems[entry.stems].append(entry)
    alike = [pains, {i for i, label in labels.items() if label in ("swelling", "lump")}]
    out: dict[tuple[str, str], tuple[tuple[bool, int, int], str]] = {}
    for q in (e for e in entries if e.role == "quality" and len(e.stems) == 1):
        kin = {q.id}.union(*(a for a in alike if q.id in a))
        for s in (e for e in entries if e.role in ("site", "circumstance") and len(e.stems) <= 3):
            if s.role == "circumstance" and labels[q.id] != "restricted movement":
                continue
            for e in by_stems.get(q.stems | s.stems, ()):
                same = kin & set(parts[e.id][0]) and (
                    s.id in parts[e.id][1] or kinds[s.id] in WITHIN or labels[q.id] == "weakness"
                )
                if not e.preferred and not same and s.role != "circumstance":
                    continue
                plainest = (not e.preferred, (not q.preferred) + (not s.preferred), len(e.text))
                if (q.id, s.id) not in out or plainest < out[q.id, s.id][0]:
                    out[q.id, s.id] = (plainest, e.id)
    return {k: f for k, (plainest, f) in out.items() if k not in composed or not plainest[0]}


def _one_word(entries: Sequence[Entry]) -> dict[str, frozenset[str]]:
    out: dict[str, set[str]] = defaultdict(set)
    for e in entries:
        if e.role == "quality" and len(e.stems) == 1:
            out[next(iter(e.stems))].add(e.id)
    return {stem: frozenset(ids) for stem, ids in out.items()}


def _both_of(entries: Sequence[Entry]) -> dict[str, str]:
    by_stems = {e.stems: e.id for e in reversed(entries) if e.role == "finding"}
    return {
        one: e.id
        for e in entries
        if e.preferred and e.role == "finding" and "both" in e.stems
        if (one := by_stems.get(e.stems - {"both"})) and one != e.id
    }
