"""Names found in a clause → findings: qualities put to sites, circumstances to "worse" and "better"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.reason.clauses import SIDES
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.normal import ruled_out
from kg.reason.occasions import add_circumstances, in_its_mode, open_occasions
from kg.reason.pairs import Atom, atoms_of, chunks_of, fits
from kg.reason.reading import Carried, Reading, bare, named_how, placed, put, ruled, tells_of_pain
from kg.reason.tokens import LINKING, STRONG

SPREAD = re.compile(
    r"\b(?:radiat\w*|spread\w*|starts? (?:in|at)|started in|from (?:the |his |her |my )?[a-z]+.* (?:to|into"
    r"|down)|into|down to|goes (?:up|down|round|into)|going (?:up|down|into)|up to|out to"
    r"|(?:through|round|around|across) to"
    r"|shoots?|shooting"
    r"|travels?|running (?:down|into|to)|runs (?:down|into|to))\b"
)


STRONG_QUALITIES = {"pain", "numbness", "tingling", "weakness", "tenderness", "swelling", "stiffness"}


ALONE_FROM = 0.5  # share of a clause that a quality named without a place must account for, in no other way a finding


ALONE_STRONG_FROM = 0.3


def compose(read: Reading, base: Grounded, before: Carried, lexicon: Lexicon) -> tuple[list[Grounded], Carried]:
    """The findings of one clause, and what the next clause may take over from it."""
    atoms = atoms_of(read, lexicon)
    if read.normal:
        sites = tuple((a.id, read.sides.get(a.place)) for a in atoms if a.is_site)
        rules = _graded_again(read, base, before, lexicon) if _only_a_grade(read) else ruled_out(read, base, lexicon)
        return rules, Carried(mode=before.mode, last=sites)
    said = tuple(dict.fromkeys(a.id for a in atoms if not a.is_site))
    out = [
        (h.start, placed(replace(base, id=h.entry.id, how=named_how(base)), read, h.places, lexicon))
        for h in (in_its_mode(h, read, lexicon) for h in read.hits)
        if h is not None and h.entry.role == "finding"
    ]
    named = tuple(q for h in read.hits if h.entry.role == "finding" for q in lexicon.parts.get(h.entry.id, ((), ()))[0])
    qualities = tuple(dict.fromkeys(said + named))
    default = named or before.qualities or (_pain(lexicon) if read.spread else ())
    for chunk in chunks_of(atoms):
        out += _cross(chunk, default, read, base, before, lexicon)
    mode = add_circumstances(read, base, before, bool(qualities), lexicon, out)
    kept = _one_each_denied(read, _sensible(read, out, qualities or before.qualities, lexicon), lexicon)
    denied = any(p in read.denied for h in read.hits for p in h.places)
    waiting = () if said or default else tuple((a.id, read.sides.get(a.place)) for a in atoms if a.is_site)
    # A list of places that waits for its quality grows over the commas: "low back, hip and knee pain".
    waiting = (*before.sites, *waiting) if waiting else ()
    last = tuple((a.id, read.sides.get(a.place)) for a in atoms if a.is_site) or (
        before.last if read.clause.before == "," else ()
    )
    return kept, Carried(
        () if denied else qualities or before.qualities,
        mode,
        waiting,
        last,
        open_occasions(read, before, mode),
    )


def _only_a_grade(read: Reading) -> bool:
    """Whether a clause says nothing but that power is full, and on which side: "dorsiflexion 2/5 right, 5/5 left"."""
    return read.clause.before == "," and {w.stem for w in read.words} - SIDES == {STRONG}


def _graded_again(read: Reading, base: Grounded, before: Carried, lexicon: Lexicon) -> list[Grounded]:
    """The weakness that full power rules out of the places last spoken of, else of all."""
    weakness = lexicon.quality("weakness")
    side = next((w.stem for w in read.words if w.stem in SIDES), None)
    again = [replace(ruled(put(base, weakness, s, lexicon)), side=side) for s, _ in before.last] if weakness else []
    return again or ruled_out(read, base, lexicon)


def _pain(lexicon: Lexicon) -> tuple[str, ...]:
    pain = lexicon.quality("pain")
    return (pain,) if pain else ()


def _cross(
    chunk: Sequence[Atom],
    default: tuple[str, ...],
    read: Reading,
    base: Grounded,
    before: Carried,
    lexicon: Lexicon,
) -> list[tuple[int, Grounded]]:
    """Every quality of a chunk at every site of it; a quality without a site takes those that wait for one."""
    qualities = [a for a in chunk if not a.is_site]
    sites = [a for a in chunk if a.is_site]
    out: list[tuple[int, Grounded]] = []
    for site in sites:
        for q in qualities or [Atom(d, site.place, False) for d in default]:
            if q.pair == site.pair >= 0 or not fits(q.id, site.id, lexicon):
                continue
            if q.place in read.denied and site.place not in read.denied:
                continue
            where = frozenset({site.place}) | (frozenset({q.place}) & read.denied)
            out.append((site.place, placed(put(base, q.id, site.id, lexicon), read, where, lexicon)))
    for q in qualities:
        # "calf swollen, hot and tender": what a later member of a list says, it says of the same place.
        short = len([w for w in read.words if w.text not in LINKING]) <= 3
        goes_on = read.clause.before in (",", "but") and not sites and q.pair < 0 and short
        own = next((w.stem for w in read.words if w.stem in SIDES), None)
        again = [(s, own or side) for s, side in before.last] if goes_on else ()
        waiting = [(s, side) for s, side in before.sites or again if fits(q.id, s, lexicon)]
        if waiting and q.place not in read.denied:
            out += [(q.place, replace(put(base, q.id, s, lexicon), side=side)) for s, side in waiting]
        elif q.pair < 0 and not any(
            fits(q.id, s.id, lexicon) and (q.place not in read.denied or s.place in read.denied) for s in sites
        ):
            out.append((q.place, placed(bare(base, q.id, lexicon), read, frozenset({q.place}), lexicon)))
    return out


def _sensible(
    read: Reading, out: list[tuple[int, Grounded]], qualities: tuple[str, ...], lexicon: Lexicon
) -> list[tuple[int, Grounded]]:
    """Without pain where something else in the clause says more, and without the course of a pain nobody spoke of."""
    painful = not qualities or bool(lexicon.pains & set(qualities)) or any("pain" in w.text for w in read.words)
    kept = []
    for place, g in out:
        others = [o for p, o in out if o is not g]
        if g.id is None and not g.sites and not g.qualities:
            continue  # a circumstance that no named finding reports stays in no answer of its own
        if g.id is None and not g.sites and g.qualities:
            strong = {lexicon.labels[q] for q in g.qualities} <= STRONG_QUALITIES or len(read.words) <= 2
            if g.score < (ALONE_STRONG_FROM if strong else ALONE_FROM):
                continue
            if set(g.qualities) <= lexicon.pains and any(tells_of_pain(o, lexicon) for o in others):
                continue
        if not painful and (g.id in lexicon.courses or _is_about_pain(g, lexicon)):
            continue
        kept.append((place, g))
    return kept


def _is_about_pain(g: Grounded, lexicon: Lexicon) -> bool:
    qualities, sites = lexicon.parts.get(g.id or "", ((), ()))
    return bool(qualities) and set(qualities) <= lexicon.pains and not sites


def _one_each_denied(read: Reading, out: list[tuple[int, Grounded]], lexicon: Lexicon) -> list[Grounded]:
    """Between two joints only one thing is denied.

    "No SLR pain" denies the test, "no pain on lumbar movement" the pain on movement; neither denies pain as such.
    """
    out = sorted(out, key=lambda x: x[0])
    starts = {h.start: h for h in read.hits}
    kept: list[Grounded] = []
    for place, g in out:
        if g.status == "absent":
            piece = sum(j < place for j in read.clause.joints)
            rivals = [
                (p, o)
                for p, o in out
                if o is not g and o.status == "absent" and sum(j < p for j in read.clause.joints) == piece
            ]
            if any(_says_more(o, p, g, place, starts, lexicon) for p, o in rivals):
                continue
        kept.append(g)
    return kept


def _says_more(
    one: Grounded, at: int, other: Grounded, there: int, starts: Mapping[int, Hit], lexicon: Lexicon
) -> bool:
    def rank(g: Grounded, place: int) -> tuple[bool, bool, float]:
        hit = starts.get(place)
        pain = bool(set(lexicon.parts.get(g.id or "", (g.qualities, ()))[0]) & lexicon.pains)
        around = g.id in lexicon.modal or (hit is not None and hit.entry.role == "circumstance")
        return (around, not pain, -place)

    if (
        other.id is not None
        and lexicon.parts.get(other.id, ((), ()))[0]
        and not set(lexicon.parts[other.id][0]) & lexicon.pains
    ):
        return False
    return rank(one, at) > rank(other, there)
