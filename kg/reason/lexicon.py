"""Names of all things that a phrase can be about, indexed by their stems."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Literal, NamedTuple

from kg.reason.tokens import LINKING, plain, stem, tokens

Role = Literal["finding", "quality", "site", "circumstance"]
SIDES = {"left", "right"}
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
        abnormal_from: the number from which the finding holds.
    """

    id: str
    names: tuple[tuple[str, ...], ...]
    abnormal_from: float


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
    """

    entries: tuple[Entry, ...]
    by_stem: Mapping[str, tuple[int, ...]]
    rarity: Mapping[str, float]
    measured: tuple[Measured, ...]
    labels: Mapping[str, str]
    composed: Mapping[tuple[str, str], str]
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    pain_stems: frozenset[str]


def key_stems(text: str) -> frozenset[str]:
    """The stems that a phrase must hold for this name to be in it; small linking words do not count.

    >>> sorted(key_stems("pain in the back of the thigh"))
    ['back', 'pain', 'thigh']
    """
    found = tokens(text)
    return frozenset(t.stem for t in found if t.text not in LINKING) or frozenset(t.stem for t in found)


def is_hollow(text: str, stems: frozenset[str]) -> bool:
    """Whether a name of several words keeps so few stems that it would fit nearly anything.

    >>> is_hollow("just one leg", key_stems("just one leg")), is_hollow("sciatica", key_stems("sciatica"))
    (True, False)
    """
    return len(stems) == 1 and len([w for w in plain(text).split() if w not in ARTICLES]) > 1


def build_lexicon(
    named: Iterable[tuple[str, Role, str, bool]],
    measured: Iterable[tuple[str, tuple[str, ...], float]],
    labels: Mapping[str, str],
    composed: Mapping[tuple[str, str], str],
    parts: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Lexicon:
    """Index the names.

    Args:
        named: (thing, role, name, is it the preferred label) for each name.
        measured: (finding, names of the quantity, number from which it holds).
        labels: thing → preferred label.
        composed: (quality, site) → named finding.
        parts: finding → its qualities and sites.
    """
    entries = []
    seen: set[tuple[str, frozenset[str]]] = set()
    for thing, role, text, preferred in named:
        stems = key_stems(text)
        if stems and (thing, stems) not in seen and (preferred or not is_hollow(text, stems)):
            seen.add((thing, stems))
            entries.append(Entry(thing, role, stems, text, preferred))
    count = Counter(s for e in entries for s in e.stems)
    index: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        # An entry is looked up through its rarest stem only: every phrase that holds the name holds that stem.
        index[min(entry.stems, key=lambda s: (count[s], s))].append(i)
    rarity = {s: log(1 + len(entries) / n) for s, n in count.items()}
    quantities = tuple(
        Measured(i, tuple(tuple(stem(w.text) for w in tokens(n)) for n in names), limit) for i, names, limit in measured
    )
    pain_ids = {i for i, label in labels.items() if label == "pain"}
    pain = frozenset(s for e in entries if e.id in pain_ids and len(e.stems) == 1 for s in e.stems)
    return Lexicon(
        tuple(entries),
        {k: tuple(v) for k, v in index.items()},
        rarity,
        quantities,
        dict(labels),
        dict(composed),
        dict(parts),
        pain,
    )
