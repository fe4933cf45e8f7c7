"""Qualities and sites of a clause → which belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.reading import Reading
from kg.reason.tokens import all_words


class Atom(NamedTuple):
    """A quality or a site that a clause names, alone or as a part of a named finding.

    Attributes:
        pair: number of the named finding it is a part of, or -1.
    """

    id: str
    place: int
    is_site: bool
    pair: int = -1


def atoms_of(read: Reading, lexicon: Lexicon) -> list[Atom]:
    """Qualities and sites in the order of the words, named findings taken apart."""
    atoms: list[Atom] = []
    words = all_words(read.clause.text)
    by_place = {w.place: w.stem for w in read.words}
    restricted = any(
        h.entry.role == "quality" and lexicon.labels[h.entry.id] == "restricted movement" for h in read.hits
    )
    for n, hit in enumerate(read.hits):
        role = hit.entry.role
        if role == "quality":
            atoms.append(Atom(hit.entry.id, hit.start, False))
        elif role == "site" and atoms and any(a.is_site for a in atoms) and _bounds(hit, words):
            continue  # "inner thigh above the knee": the knee is where it ends
        elif role == "site" or (role == "circumstance" and restricted):
            atoms.append(Atom(hit.entry.id, hit.end, True))
        elif role == "finding":
            qualities, sites = lexicon.parts.get(hit.entry.id, ((), ()))
            if (
                len(qualities) == 1
                and not sites
                and hit.entry.id not in lexicon.courses
                and hit.entry.id not in lexicon.modal
            ):
                atoms.append(Atom(qualities[0], hit.start, False, n))
            elif len(qualities) == 1 and sites:
                said = [p for p in sorted(hit.places) if qualities[0] in lexicon.one_word.get(by_place[p], ())]
                rest = [p for p in sorted(hit.places) if p not in said]
                atoms.append(Atom(qualities[0], said[0] if said else hit.start, False, n))
                atoms.append(Atom(sites[0], rest[-1] if rest else hit.end, True, n))
    return sorted(atoms, key=lambda a: (a.place, a.is_site))


def _bounds(hit: Hit, words: Sequence[str]) -> bool:
    """Whether a site only says where another ends."""
    before = [w for w in words[max(0, hit.start - 3) : hit.start] if w not in ("the", "his", "her", "my", "just")]
    return bool(before) and before[-1] in ("above", "below")


def chunks_of(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """Runs of atoms that belong together.

    "Numb foot and knee pain" are two pairs; a site between two pairs goes with the first where the first names its
    quality before its site ("pain in buttock, thigh and calf"), else with the second; alone, sites follow their
    quality or go before it throughout.
    """
    pairs = list(dict.fromkeys(a.pair for a in atoms if a.pair >= 0))
    if not pairs:
        return _plain_chunks(atoms)
    first = {n: next(i for i, a in enumerate(atoms) if a.pair == n) for n in pairs}
    last = {n: max(i for i, a in enumerate(atoms) if a.pair == n) for n in pairs}
    chunks: dict[int, list[Atom]] = {n: [] for n in pairs}
    for i, atom in enumerate(atoms):
        if atom.pair >= 0:
            chunks[atom.pair].append(atom)
            continue
        earlier = [n for n in pairs if last[n] < i]
        later = [n for n in pairs if first[n] > i]
        inside = [n for n in pairs if first[n] < i < last[n]]
        if inside or not (earlier and later):
            chunks[(inside or earlier[-1:] or later[:1])[0]].append(atom)
            continue
        site_first = {n: atoms[first[n]].is_site for n in pairs}
        onward = site_first[later[0]] if atom.is_site else not site_first[later[0]]
        stays = not site_first[earlier[-1]] if atom.is_site else site_first[earlier[-1]]
        chunks[later[0] if onward and not stays else earlier[-1]].append(atom)
    return [part for n, chunk in chunks.items() for part in _apart(chunk, n)]


def _apart(chunk: list[Atom], pair: int) -> list[list[Atom]]:
    """A pair's chunk without neighbours that make findings of their own: "toes blue and foot cold"."""
    first = next(i for i, a in enumerate(chunk) if a.pair == pair)
    last = max(i for i, a in enumerate(chunk) if a.pair == pair)
    parts = [chunk]
    for side in (chunk[:first], chunk[last + 1 :]):
        if len({a.is_site for a in side}) == 2:
            parts[0] = [a for a in parts[0] if a not in side]
            parts += _plain_chunks(side)
    return parts


def _plain_chunks(atoms: Sequence[Atom]) -> list[list[Atom]]:
    runs: list[list[Atom]] = []
    for atom in atoms:
        if runs and runs[-1][-1].is_site == atom.is_site:
            runs[-1].append(atom)
        else:
            runs.append([atom])
    chunks = [[a for run in runs[i : i + 2] for a in run] for i in range(0, len(runs), 2)]
    if len(runs) > 1 and len(runs) % 2:
        # an odd run out: it shares what the chunk before it has
        chunks[-2] += chunks.pop()
    return chunks


def fits(quality: str, site: str, lexicon: Lexicon) -> bool:
    """Whether a quality can be said of a site: skin goes numb, muscles and movements are weak, reflexes are lost."""
    kind, label = lexicon.kinds.get(site, ""), lexicon.labels[quality]
    if "reflex" in label:
        return kind == "Reflex"
    if kind == "Reflex":
        return False
    if label in ("numbness", "tingling", "allodynia"):
        return kind not in ("Movement", "Muscle", "Joint", "Organ")
    if label in ("restricted movement",):
        return kind not in ("Muscle", "Organ")
    return True
