"""What a clause rules out by calling things normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.reason.clauses import NORMAL
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.pairs import fits
from kg.reason.reading import Reading, bare, named_how, placed, put, ruled
from kg.reason.tokens import Token, stem

EXAMINED = {"Sign", "ClinicalTest", "LabFinding"}


# What is meant when something is called normal: the word for it → the quality that it rules out.
RULED_OUT = {
    stem(w): label
    for label, words in (
        ("weakness", "power strength motor gradedstrong"),
        ("numbness", "sensation sensory touch pinprick feeling sensations dermatomes"),
        ("reduced reflex", "reflexes reflex dtrs"),
        ("restricted movement", "movement movements rom range motion"),
    )
    for w in words.split()
}


BY_KIND = {"Movement": "weakness", "Muscle": "weakness", "Reflex": "reduced reflex", "Joint": "restricted movement"}


NORMAL_DENIES = {
    "normal muscle power": "weakness",
    "normal sensation": "numbness",
    "normal reflexes": "reduced reflex",
}


def ruled_out(read: Reading, base: Grounded, lexicon: Lexicon) -> list[Grounded]:
    """What a clause rules out by calling things normal, and the named normal findings it reports."""
    taken = {p for h in read.hits for p in h.places}
    meant = tuple(RULED_OUT[w.stem] for w in read.words if w.stem in RULED_OUT)
    out: list[Grounded] = []
    # "Reflexes and sensation normal in both legs" is the whole examination, not a normal leg.
    limb = {h for h in read.hits if h.entry.role == "site" and meant and h.entry.id.endswith("/lower-limb")}
    sites = any(h.entry.role == "site" and h not in limb for h in read.hits)
    for hit in read.hits:
        if hit in limb:
            continue
        if hit.entry.role == "site":
            out += _at_site(hit, meant, read, base, lexicon)
        elif hit.entry.role == "finding" and not (sites and lexicon.labels[hit.entry.id] in NORMAL_DENIES):
            found = replace(base, id=hit.entry.id, how=named_how(base))
            out.append(placed(ruled(found) if _deniable(hit, lexicon) else found, read, hit.places, lexicon))
    if not sites or not out:
        named = [(w.place, normal_of(w.stem, lexicon)) for w in read.words if w.place not in taken]
        out += [placed(replace(base, id=f), read, frozenset({p}), lexicon) for p, f in named if f]
    return out


def _at_site(hit: Hit, meant: tuple[str, ...], read: Reading, base: Grounded, lexicon: Lexicon) -> list[Grounded]:
    """The deficits that a normal site does not have: those meant, or the one its kind can have."""
    labels = meant or (BY_KIND.get(lexicon.kinds.get(hit.entry.id, ""), ""),)
    qualities = [q for label in dict.fromkeys(labels) if (q := lexicon.quality(label))]
    return [
        placed(ruled(put(base, q, hit.entry.id, lexicon)), read, hit.places, lexicon)
        for q in qualities
        if fits(q, hit.entry.id, lexicon)
    ]


def _deniable(hit: Hit, lexicon: Lexicon) -> bool:
    """Whether "normal" beside a finding denies it: a test or deficit, not a pain or an event ("a normal delivery")."""
    finding = hit.entry.id
    if lexicon.labels[finding].startswith(("normal", "full")):
        return False
    qualities = set(lexicon.parts[finding][0])
    return lexicon.kinds.get(finding) in EXAMINED or bool(qualities - lexicon.pains)


def rules_out(found: Sequence[Grounded], lexicon: Lexicon) -> list[Grounded]:
    """The deficits that findings such as "normal reflexes" deny, where the phrase names no place."""
    out = []
    for g in found:
        label = NORMAL_DENIES.get(lexicon.labels.get(g.id or "", ""))
        quality = lexicon.quality(label) if label else None
        if quality and g.status == "present":
            out.append(ruled(bare(g, quality, lexicon)))
    return out


def normal_of(word: str, lexicon: Lexicon) -> str | None:
    """The finding named "normal …" with this stem."""
    word = "power" if word == stem("gradedstrong") else word
    wanted = frozenset({stem("normal"), word})
    return next(
        (
            lexicon.entries[i].id
            for s in wanted
            for i in lexicon.by_stem.get(s, ())
            if lexicon.entries[i].stems == wanted
        ),
        None,
    )


def calls_normal(words: Sequence[Token], hits: Sequence[Hit], lexicon: Lexicon) -> bool:
    """Whether a clause calls its things normal, in a word of its own or in a name such as "normal reflexes"."""
    if any(lexicon.labels[h.entry.id] in NORMAL_DENIES for h in hits):
        return True
    taken = {p for h in hits if not lexicon.labels[h.entry.id].startswith(("normal", "full")) for p in h.places}
    return any(w.stem in NORMAL and w.place not in taken for w in words)
