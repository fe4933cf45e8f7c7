"""Names found in a clause → findings: qualities put to sites, circumstances to "worse" and "better"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.reason.clauses import BEGAN, NORMAL, Clause
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.tokens import Token, stem

MODES = {
    stem(w): mode
    for mode, words in (
        (
            "worseWith",
            "worse worst worsened worsens worsening brought bring triggered triggers provoked provokes reproduces reproduced"
            " increases increased hurts flares only during unbearable painful comes aggravates exacerbates makes",
        ),
        (
            "betterWith",
            "eased best relief relieved helps improves improved goes settles settled disappears comfortable",
        ),
    )
    for w in words.split()
}
OCCASION = re.compile(r"\b(makes?|brings?|only|after|when|whenever|on|during|by|if|with|while)\b")
WORSENING = frozenset({stem("worse"), stem("worsening"), stem("worsened")})
WITH_SOMETHING = re.compile(
    r"\bwors\w+(?: pain)? (?:with|on|when|by|after|at|in|if|while|during)\b|\bwors\w+ \w+ing\b|\b(?:makes?|made|is|are|its) (?:it |this |the pain )?wors"
)
SPREAD = re.compile(
    r"\b(?:radiat\w*|spread\w*|starts? (?:in|at)|started in|from (?:the |his |her |my )?[a-z]+.* (?:to|into|down)|into|down to|goes (?:up|down|round|into)|going (?:up|down|into)|up to|out to|shoots?|shooting|travels?|running (?:down|into|to)|runs (?:down|into|to))\b"
)
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
STRONG_QUALITIES = {"pain", "numbness", "tingling", "weakness", "tenderness", "swelling", "stiffness"}
ALONE_FROM = 0.5  # share of a clause that a quality named without a place must account for, in no other way a finding
ALONE_STRONG_FROM = 0.3


class Carried(NamedTuple):
    """What a clause leaves for the next: the qualities last spoken of, worse or better, sites still without a quality."""

    qualities: tuple[str, ...] = ()
    mode: str | None = None
    sites: tuple[tuple[str, str | None], ...] = ()


class Reading(NamedTuple):
    """A clause with everything the composing needs to know.

    Attributes:
        denied: places in the scope of a denial; all of them where the whole phrase is listed as absent.
        sides: place → side.
        normal: whether the clause calls its things normal.
        spread: whether places without a quality are where pain goes to.
    """

    clause: Clause
    words: tuple[Token, ...]
    hits: tuple[Hit, ...]
    denied: frozenset[int]
    sides: Mapping[int, str]
    normal: bool
    spread: bool


class _Atom(NamedTuple):
    """A quality or a site that a clause names, alone or as a part of a named finding.

    Attributes:
        pair: number of the named finding it is a part of, or -1.
    """

    id: str
    place: int
    is_site: bool
    pair: int = -1


def compose(read: Reading, base: Grounded, before: Carried, lexicon: Lexicon) -> tuple[list[Grounded], Carried]:
    """The findings of one clause, and what the next clause may take over from it."""
    if read.normal:
        return _ruled_out(read, base, lexicon), Carried(mode=before.mode)
    atoms = _atoms(read, lexicon)
    said = tuple(dict.fromkeys(a.id for a in atoms if not a.is_site))
    out = [
        (h.start, _at(replace(base, id=h.entry.id, how=_named_how(base)), read, h.places, lexicon))
        for h in read.hits
        if h.entry.role == "finding"
    ]
    named = tuple(q for h in read.hits if h.entry.role == "finding" for q in lexicon.parts.get(h.entry.id, ((), ()))[0])
    qualities = tuple(dict.fromkeys(said + named))
    default = named or before.qualities or (_pain(lexicon) if read.spread else ())
    for chunk in _chunks(atoms):
        out += _cross(chunk, default, read, base, before, lexicon)
    mode = _circumstances(read, base, before, bool(qualities), lexicon, out)
    kept = _one_each_denied(read, _sensible(read, out, qualities or before.qualities, lexicon), lexicon)
    denied = any(p in read.denied for h in read.hits for p in h.places)
    waiting = () if said or default else tuple((a.id, read.sides.get(a.place)) for a in atoms if a.is_site)
    # A list of places that waits for its quality grows over the commas: "low back, hip and knee pain".
    waiting = (*before.sites, *waiting) if waiting else ()
    return kept, Carried(() if denied else qualities or before.qualities, mode, waiting)


def _pain(lexicon: Lexicon) -> tuple[str, ...]:
    pain = lexicon.quality("pain")
    return (pain,) if pain else ()


def _named_how(base: Grounded) -> str:
    return base.how if base.how == "fuzzy" else "synonym"


def _at(found: Grounded, read: Reading, places: frozenset[int], lexicon: Lexicon) -> Grounded:
    """The finding with the status and side of the place where it stands."""
    side = next((read.sides[p] for p in sorted(places, reverse=True) if p in read.sides), None)
    if any(p in read.denied for p in places):
        found = replace(found, status="absent")
    if found.id is None or lexicon.kinds.get(found.id) not in ("HistoryItem", "LabFinding"):
        found = replace(found, side=side)
    return found


def _atoms(read: Reading, lexicon: Lexicon) -> list[_Atom]:
    """Qualities and sites in the order of the words, named findings taken apart."""
    atoms: list[_Atom] = []
    by_place = {w.place: w.stem for w in read.words}
    restricted = any(
        h.entry.role == "quality" and lexicon.labels[h.entry.id] == "restricted movement" for h in read.hits
    )
    for n, hit in enumerate(read.hits):
        role = hit.entry.role
        if role == "quality":
            atoms.append(_Atom(hit.entry.id, hit.start, False))
        elif role == "site" or (role == "circumstance" and restricted):
            atoms.append(_Atom(hit.entry.id, hit.end, True))
        elif role == "finding":
            qualities, sites = lexicon.parts.get(hit.entry.id, ((), ()))
            if (
                len(qualities) == 1
                and not sites
                and hit.entry.id not in lexicon.courses
                and hit.entry.id not in lexicon.modal
            ):
                atoms.append(_Atom(qualities[0], hit.start, False, n))
            elif len(qualities) == 1 and sites:
                said = [p for p in sorted(hit.places) if qualities[0] in lexicon.one_word.get(by_place[p], ())]
                rest = [p for p in sorted(hit.places) if p not in said]
                atoms.append(_Atom(qualities[0], said[0] if said else hit.start, False, n))
                atoms.append(_Atom(sites[0], rest[-1] if rest else hit.end, True, n))
    return sorted(atoms, key=lambda a: (a.place, a.is_site))


def _chunks(atoms: Sequence[_Atom]) -> list[list[_Atom]]:
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
    chunks: dict[int, list[_Atom]] = {n: [] for n in pairs}
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
    return list(chunks.values())


def _plain_chunks(atoms: Sequence[_Atom]) -> list[list[_Atom]]:
    runs: list[list[_Atom]] = []
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


def _cross(
    chunk: Sequence[_Atom],
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
        for q in qualities or [_Atom(d, site.place, False) for d in default]:
            if q.pair == site.pair >= 0 or not fits(q.id, site.id, lexicon):
                continue
            if q.place in read.denied and site.place not in read.denied:
                continue
            where = frozenset({site.place}) | (frozenset({q.place}) & read.denied)
            out.append((site.place, _at(_put(base, q.id, site.id, lexicon), read, where, lexicon)))
    for q in qualities:
        waiting = [(s, side) for s, side in before.sites if fits(q.id, s, lexicon)]
        if waiting and q.place not in read.denied:
            out += [(q.place, replace(_put(base, q.id, s, lexicon), side=side)) for s, side in waiting]
        elif q.pair < 0 and not any(
            fits(q.id, s.id, lexicon) and (q.place not in read.denied or s.place in read.denied) for s in sites
        ):
            out.append((q.place, _at(_bare(base, q.id, lexicon), read, frozenset({q.place}), lexicon)))
    return out


def _bare(base: Grounded, quality: str, lexicon: Lexicon) -> Grounded:
    named = lexicon.composed.get((quality, ""))
    return replace(base, id=named) if named else replace(base, id=None, qualities=(quality,))


def _put(base: Grounded, quality: str, site: str, lexicon: Lexicon) -> Grounded:
    named = lexicon.composed.get((quality, site))
    return replace(base, id=named) if named else replace(base, qualities=(quality,), sites=(site,))


def _circumstances(
    read: Reading, base: Grounded, before: Carried, has_quality: bool, lexicon: Lexicon, out: list[tuple[int, Grounded]]
) -> str | None:
    """Add what the clause says of circumstances; the mode that goes on into the next clause."""
    held = {p for h in read.hits if h.entry.role == "finding" and h.entry.id not in lexicon.modal for p in h.places}
    modes = [(w.place, MODES[w.stem]) for w in read.words if w.stem in MODES and w.place not in held]
    mode = before.mode if not has_quality else None
    for hit in read.hits:
        if hit.entry.role != "circumstance":
            continue
        earlier = [m for p, m in modes if p <= hit.start]
        later = [m for p, m in modes if p > hit.start]
        found = (earlier[-1:] or later[:1] or [mode])[0]
        if found is None and OCCASION.search(read.clause.text) and not BEGAN.search(read.clause.text):
            found = "worseWith"
        course = lexicon.composed.get(("hasCourse", hit.entry.id))
        if course is None and found is None and BEGAN.search(read.clause.text):
            room, _, name = hit.entry.id.rpartition("/")  # "started after lifting": the course "after lifting"
            course = lexicon.composed.get(("hasCourse", f"{room}/after-{name}"))
        named = (found and lexicon.composed.get((found, hit.entry.id))) or course
        if named:
            out.append((hit.start, _at(replace(base, id=named), read, hit.places, lexicon)))
        elif found:
            out.append(
                (hit.start, _at(replace(base, circumstances=(f"{found} {hit.entry.id}",)), read, hit.places, lexicon))
            )
    stems = {w.stem for w in read.words if w.place in dict(modes)}
    if (
        stems & WORSENING
        and not any(h.entry.role == "circumstance" for h in read.hits)
        and _is_course(read.clause.text)
    ):
        course = next((f for f, c in lexicon.courses.items() if c.endswith("progressive-course")), None)
        place = next(p for p, _ in modes)
        if course:
            out.append((place, _at(replace(base, id=course), read, frozenset({place}), lexicon)))
    return modes[-1][1] if modes else mode


def _is_course(text: str) -> bool:
    """Whether "worse" speaks of time, not of what makes it so: "steadily worse", "worse over two years"."""
    return not WITH_SOMETHING.search(text) and not re.search(r"\b(?:than|not|no)\b", text)


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
            if set(g.qualities) <= lexicon.pains and any(_tells_of_pain(o, lexicon) for o in others):
                continue
        if not painful and (g.id in lexicon.courses or _is_about_pain(g, lexicon)) and others:
            continue
        kept.append((place, g))
    return kept


def _tells_of_pain(g: Grounded, lexicon: Lexicon) -> bool:
    """Whether a finding already says that something hurts."""
    qualities = set(g.qualities or lexicon.parts.get(g.id or "", ((), ()))[0])
    return (
        bool(qualities & lexicon.pains)
        or g.id in lexicon.modal
        or lexicon.kinds.get(g.id or "") == "ClinicalTest"
        or "pain" in lexicon.labels.get(g.id or "", "")
    )


def _is_about_pain(g: Grounded, lexicon: Lexicon) -> bool:
    qualities, sites = lexicon.parts.get(g.id or "", ((), ()))
    return bool(qualities) and set(qualities) <= lexicon.pains and not sites


def _one_each_denied(read: Reading, out: list[tuple[int, Grounded]], lexicon: Lexicon) -> list[Grounded]:
    """Between two joints only one thing is denied: "no SLR pain" denies the test, "no radiation of the back pain" the
    radiation, "no pain on lumbar movement" the pain on movement; none of them denies pain as such."""
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


def _ruled_out(read: Reading, base: Grounded, lexicon: Lexicon) -> list[Grounded]:
    """What a clause rules out by calling things normal, and the named normal findings it reports."""
    taken = {p for h in read.hits for p in h.places}
    words = [w for w in read.words if w.place not in taken]
    meant = [RULED_OUT[w.stem] for w in read.words if w.stem in RULED_OUT]
    out: list[Grounded] = []
    sites = [h for h in read.hits if h.entry.role == "site"]
    for hit in read.hits:
        found = replace(base, id=hit.entry.id, how=_named_how(base))
        if sites and lexicon.labels[hit.entry.id] in NORMAL_DENIES:
            continue
        if hit.entry.role == "finding" and (
            lexicon.kinds.get(hit.entry.id) in EXAMINED or set(lexicon.parts[hit.entry.id][0])
        ):
            normal = lexicon.labels[hit.entry.id].startswith(("normal", "full"))
            out.append(_at(found if normal else _ruled(found), read, hit.places, lexicon))
        elif hit.entry.role == "finding" and lexicon.kinds.get(hit.entry.id) == "HistoryItem":
            out.append(_at(found, read, hit.places, lexicon))
        elif hit.entry.role == "site":
            for label in dict.fromkeys([*meant, BY_KIND.get(lexicon.kinds.get(hit.entry.id, ""), "")]):
                quality = lexicon.quality(label)
                if quality and fits(quality, hit.entry.id, lexicon) and (label in meant or not meant):
                    out.append(_at(_ruled(_put(base, quality, hit.entry.id, lexicon)), read, hit.places, lexicon))
    if not sites or not out:
        for word in words:
            named = normal_of(word.stem, lexicon)
            if named:
                out.append(_at(replace(base, id=named), read, frozenset({word.place}), lexicon))
    return out


def rules_out(found: Sequence[Grounded], lexicon: Lexicon) -> list[Grounded]:
    """The deficits that findings such as "normal reflexes" deny, where the phrase names no place."""
    out = []
    for g in found:
        label = NORMAL_DENIES.get(lexicon.labels.get(g.id or "", ""))
        quality = lexicon.quality(label) if label else None
        if quality and g.status == "present":
            out.append(_ruled(_bare(g, quality, lexicon)))
    return out


def _ruled(found: Grounded) -> Grounded:
    return replace(found, status="absent")


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
    """Whether a word that is no part of a name, or of one that is itself "normal …", calls the things of a clause so."""
    taken = {p for h in hits if not lexicon.labels[h.entry.id].startswith(("normal", "full")) for p in h.places}
    return any(w.stem in NORMAL and w.place not in taken for w in words)
