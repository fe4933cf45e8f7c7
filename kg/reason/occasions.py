"""What makes a complaint worse or better, and how it came on: circumstances of a clause → findings."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.reason.clauses import BEGAN, Clause
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Lexicon
from kg.reason.names import Hit
from kg.reason.reading import Carried, Reading, placed, tells_of_pain
from kg.reason.tokens import all_words, stem

MODES = {
    stem(w): mode
    for mode, words in (
        (
            "worseWith",
            "worse worst worsened worsens worsening brought bring triggered triggers provoked provokes reproduces"
            " reproduced increases increased hurts flares only during unbearable comes"
            " aggravates exacerbates makes kills",
        ),
        (
            "betterWith",
            "eased best relief relieved helps improves improved goes gone settles settled disappears comfortable stops"
            " subsides resolves abates fades",
        ),
    )
    for w in words.split()
}


PAINFUL = re.compile(r"(?:pain\w*|aches?|sore|hurts?)$")
OCCASION = frozenset("only after when whenever on during by if with while every".split())


WORSENING = frozenset({stem("worse"), stem("worsening"), stem("worsened")})


WITH_SOMETHING = re.compile(
    r"\bwors\w+(?: pain)? (?:with|on|when|by|after|at|in|if|while|during)\b|\bwors\w+ \w+ing\b|\b(?:makes?|made"
    r"|is|are|its) (?:it |this |the pain )?wors"
)


def in_its_mode(hit: Hit, read: Reading, lexicon: Lexicon) -> Hit | None:
    """The hit, turned round where the clause says "goes away" before a name such as "pain when bending forward".

    What is said to have started after a recent injury becomes the onset after it.
    """
    onset = hit.entry.id.replace("/recent-", "/onset-after-")
    if onset != hit.entry.id and onset in lexicon.labels and BEGAN.search(read.clause.text):
        return hit._replace(entry=hit.entry._replace(id=onset))
    if hit.entry.id not in lexicon.modal:
        return hit
    modes = [(w.place, MODES[w.stem]) for w in read.words if w.stem in MODES]
    before = [m for p, m in modes if p < hit.end and p not in hit.places]
    report, circumstance = lexicon.modal[hit.entry.id]
    if any(p in hit.places for p, _ in modes) or not before or before[-1] == report:
        return hit
    other = lexicon.composed.get((before[-1], circumstance))
    return hit._replace(entry=hit.entry._replace(id=other)) if other else None


def add_circumstances(
    read: Reading, base: Grounded, before: Carried, has_quality: bool, lexicon: Lexicon, out: list[tuple[int, Grounded]]
) -> str | None:
    """Add what the clause says of circumstances; the mode that goes on into the next clause."""
    held = {p for h in read.hits if h.entry.role == "finding" and h.entry.id not in lexicon.modal for p in h.places}
    modes = [(w.place, MODES[w.stem]) for w in read.words if w.stem in MODES and w.place not in held]
    mode = before.mode if not has_quality else None
    heard = [g for _, g in out] or [replace(base, qualities=before.qualities)]
    about_pain = any(tells_of_pain(g, lexicon) for g in heard) or heard[0].key == replace(base, qualities=()).key
    for hit in read.hits:
        if hit.entry.role != "circumstance":
            continue
        earlier = [m for p, m in modes if p <= hit.start]
        later = [m for p, m in modes if p > hit.start]
        found = earlier[-1] if earlier else later[0] if later else mode
        if found is None and about_pain and _occasion(read.clause, hit) and not BEGAN.search(read.clause.text):
            found = "worseWith"
        course = lexicon.composed.get(("hasCourse", hit.entry.id))
        if course is None and found is None and BEGAN.search(read.clause.text):
            room, _, name = hit.entry.id.rpartition("/")  # "started after lifting": the course "after lifting"
            course = lexicon.composed.get(("hasCourse", f"{room}/after-{name}"))
        named = (found and lexicon.composed.get((found, hit.entry.id))) or course
        if named:
            out.append((hit.start, placed(replace(base, id=named), read, hit.places, lexicon)))
        elif found:
            out.append(
                (
                    hit.start,
                    placed(replace(base, circumstances=(f"{found} {hit.entry.id}",)), read, hit.places, lexicon),
                )
            )
    if modes and read.clause.before == ",":
        waiting = (lexicon.composed.get((modes[0][1], c)) for c in before.occasions)
        out += [(0, replace(base, id=f)) for f in waiting if f]
    stems = {w.stem for w in read.words if w.place in dict(modes)}
    if (
        stems & WORSENING
        and not any(h.entry.role == "circumstance" for h in read.hits)
        and _is_course(read.clause.text)
    ):
        course = next((f for f, c in lexicon.courses.items() if c.endswith("progressive-course")), None)
        place = next(p for p, _ in modes)
        if course:
            out.append((place, placed(replace(base, id=course), read, frozenset({place}), lexicon)))
    return modes[-1][1] if modes else mode


def open_occasions(read: Reading, before: Carried, mode: str | None) -> tuple[str, ...]:
    """Circumstances that wait for the end of their list: "bending, lifting and walking bring it on"."""
    if mode is not None or any(h.entry.role == "finding" for h in read.hits):
        return ()
    here = tuple(h.entry.id for h in read.hits if h.entry.role == "circumstance")
    return (*(before.occasions if read.clause.before == "," else ()), *here)


def _occasion(clause: Clause, hit: Hit) -> bool:
    """Whether a word such as "when" or "on" stands shortly before a circumstance, or "makes it" behind it."""
    words = all_words(clause.text)
    before = words[max(0, hit.start - 6) : hit.start]
    if before and words[hit.start].endswith("ing") and PAINFUL.match(before[-1]):
        return True  # "pain turning over in bed"
    if (
        "and" in before
        and not OCCASION.intersection(before[before.index("and") :])
        and not OCCASION.intersection(before)
    ):
        return False
    return bool(OCCASION.intersection(before) or {"makes", "make", "brings", "bring"}.intersection(words[hit.end :]))


def _is_course(text: str) -> bool:
    """Whether "worse" speaks of time, not of what makes it so: "steadily worse", "worse over two years"."""
    return not WITH_SOMETHING.search(text) and not re.search(r"\b(?:than|not|no)\b", text)
