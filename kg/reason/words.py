"""A person's words → findings.

A phrase may hold several findings, in any word order. Its numbers are read first (`numbers`), then it is parted into
clauses, with what each denies and which side it speaks of (`clauses`); names that lie wholly inside a clause compete
(`names`), and what is left over as quality and site, or as circumstance with "worse" or "better", is put together
(`compose`). What is not understood is listed, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kg.model import How, Match, Name, Status
from kg.reason.clauses import BEGAN, DENIALS, HEDGE, OPINION, PAST, SIDES, Clause, clauses, denials, sides
from kg.reason.compose import SPREAD, compose
from kg.reason.grounded import Grounded
from kg.reason.lexicon import Entry, Lexicon
from kg.reason.names import Hit, best_hits, coverage, mended, whole_name
from kg.reason.normal import RULED_OUT, calls_normal, rules_out
from kg.reason.occasions import MODES, WITH_SOMETHING
from kg.reason.reading import Carried, Counted, Reading, names_pain
from kg.reason.tokens import Token, rephrased, spelled, stem, tokens

__all__ = ["Grounded", "as_matches", "ground", "understand"]

MAX_PHRASE = 400
ACUTE, CHRONIC = 42, 84  # days up to which pain is acute and from which it is chronic: six and twelve weeks
REFLEX_PLACES = frozenset(stem(w) for w in ("knee", "ankle", "adductor", "hamstring", "anal", "cremasteric", "plantar"))
GRADED = re.compile(r"\d ?[+-]? ?/ ?(?:5|10|100)\b")  # grades are read, even where a name holds one
NUMERIC = re.compile(r"\d|\+|hour|hr|day|week|wk|month|mth|year|yr|out of|lost|loss of|down|dropped")
SEVERE_FROM = 0.7  # a pain score of seven to ten is called severe
KNOWN = frozenset(DENIALS | set(MODES) | set(RULED_OUT) | SIDES)
FAMILY = re.compile(r"\bfamily history\b|\bin the family\b|\bfamilial\b")
GETTING_WORSE = re.compile(
    r"\b(?:getting|got|progressive\w*|gradual\w*|steadi\w*|increasing\w*|rapidly|much|slowly|over|becoming|suddenly|now)\b"
)


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
    """The findings that one phrase reports; none where nothing is understood.

    Args:
        status: what the phrase is listed as. Everything listed as absent stays absent, however it is worded.
    """
    short = text[:MAX_PHRASE]
    whole = None if GRADED.search(short) else whole_name(short, lexicon)
    if whole:
        how: How = "exact" if whole.preferred else "synonym"
        side = _only_side(short, whole)
        found = [
            replace(
                _blank(text, status),
                id=whole.id,
                side=side,
                how=how,
                score=1.0,
                hedged=bool(HEDGE.search(short.lower())),
            )
        ]
        return _both_sides([*found, *rules_out(found, lexicon)], lexicon)
    numbers = _numbers(short, lexicon)
    blank = _blank(text, status)
    found = [
        replace(blank, id=r.id, status=status if r.holds else "absent", value=r.value, unit=r.unit, score=1.0)
        for r in numbers.readings
    ]
    found += _clauses(blank, numbers.text, lexicon)
    found = _with_time(_with_pain(found, numbers, blank, lexicon), numbers, blank, lexicon)
    return _both_sides([*found, *rules_out(found, lexicon)], lexicon)


def _numbers(text: str, lexicon: Lexicon) -> Counted:
    """The phrase with its numbers read; the patterns for that are built when the first number comes."""
    text = spelled(text)
    if not NUMERIC.search(text):
        return Counted(text)
    from kg.reason.numbers import counted

    return counted(text, lexicon)


def _both_sides(found: Iterable[Grounded], lexicon: Lexicon) -> tuple[Grounded, ...]:
    """Each finding once, those on both sides under the name they have for that.

    A denial keeps the wider name: no weakness in the legs is no weakness in either.
    """
    once = {
        (g.key, g.status): replace(g, id=lexicon.both_of.get(g.id, g.id))
        if g.side == "both" and g.id and g.status == "present"
        else g
        for g in reversed(list(found))
    }
    return tuple(once.values())[::-1]


def _blank(text: str, status: Status) -> Grounded:
    return Grounded(text, status, None, (), (), None, "composed", 0.0)


def _only_side(text: str, named: Entry) -> str | None:
    words = {t.stem for t in tokens(text)}
    if not words & SIDES and PLURALS & {t.text for t in tokens(text)} - {t.text for t in tokens(named.text)}:
        return "both"
    if "both" in words or {"left", "right"} <= words:
        return "both"
    return next((s for s in ("left", "right") if s in words), None)


def _clauses(blank: Grounded, text: str, lexicon: Lexicon) -> list[Grounded]:
    parts = clauses(text)
    named = [_names(p, lexicon) for p in parts]
    taken = [frozenset(p for h in hits for p in h.places) for _, hits, _ in named]
    denied, sided = denials(parts, taken), sides(parts, taken)
    normal = _called_normal(parts, [hits for _, hits, _ in named], lexicon)
    spread = bool(SPREAD.search(rephrased(text))) and not any(
        _speaks_of_quality(h, lexicon) for _, hits, _ in named for h in hits
    )
    out: list[Grounded] = []
    state = Carried()
    for i, (words, hits, fuzzy) in enumerate(named):
        if not hits and not normal[i] and not any(w.stem in MODES for w in words):
            continue
        base = replace(
            blank,
            how="fuzzy" if fuzzy else "composed",
            score=coverage(words, taken[i], lexicon),
            hedged=bool(HEDGE.search(parts[i].text)),
        )
        read = Reading(parts[i], words, hits, denied[i], _plural_sides(sided[i], hits, words), normal[i], spread)
        meant, state = compose(read, base, state, lexicon)
        out += meant
    return out


def _speaks_of_quality(hit: Hit, lexicon: Lexicon) -> bool:
    return hit.entry.role == "quality" or bool(lexicon.parts.get(hit.entry.id, ((), ()))[0])


def _names(clause: Clause, lexicon: Lexicon) -> tuple[tuple[Token, ...], tuple[Hit, ...], bool]:
    """The words of a clause, the names in them, and whether a word was mended."""
    opinion = OPINION.search(clause.text)
    words = tokens(clause.text[: opinion.start()]) if opinion else clause.words
    words, fuzzy = mended(words, lexicon, KNOWN)
    past = PAST.search(clause.text) and not BEGAN.search(clause.text)
    of_a_relative = FAMILY.search(rephrased(clause.text))
    worse_with = WITH_SOMETHING.search(clause.text) and not GETTING_WORSE.search(clause.text)

    stems = {w.stem for w in words}
    reflex_named = bool(stems & REFLEX_PLACES)

    def allowed(entry: Entry) -> bool:
        if entry.stems <= SIDES and len(words) > 2:
            return False  # "bilateral" beside a finding is its side
        if reflex_named and lexicon.labels[entry.id] == "normal reflexes":
            return False  # a normal knee jerk says nothing of the ankle jerk
        if of_a_relative:
            return lexicon.labels[entry.id].startswith("family history")  # what a relative has is not the patient's
        if past and entry.role == "finding":
            return lexicon.kinds.get(entry.id) == "HistoryItem" and not lexicon.labels[entry.id].startswith("recent")
        # "pain worse on coughing" is no worsening pain
        return not (worse_with and any(s.startswith("wors") for s in entry.stems) and entry.id in lexicon.courses)

    hits = best_hits(words, clause.joints, lexicon, allowed)
    return words, tuple(h for h in hits if not past or h.entry.role == "finding"), fuzzy


def _called_normal(parts: Sequence[Clause], hits: Sequence[Sequence[Hit]], lexicon: Lexicon) -> list[bool]:
    """For each clause whether its things are called normal: by its own word, or by that of the list it is part of."""
    own = [calls_normal(p.words, h, lexicon) for p, h in zip(parts, hits, strict=True)]
    out = list(own)
    for i in range(len(parts)):
        if own[i] and parts[i].words and i + 1 < len(parts):
            j = i + 1
            while j < len(parts) and parts[j].before == "," and not own[j] and _is_listed(parts[j]):
                out[j], j = True, j + 1
        if own[i] and parts[i].before == ",":
            j = i - 1
            while j >= 0 and not own[j] and _is_listed(parts[j]):
                out[j] = True
                if parts[j].before != ",":
                    break
                j -= 1
    return out


def _is_listed(clause: Clause) -> bool:
    """Whether a clause holds nothing but kinds of examination, or places examined: "tone, power, reflexes"."""
    return bool(clause.words) and all(
        w.stem in RULED_OUT or w.stem in ("tone", "gait", "puls", "leg", *SIDES) for w in clause.words
    )


PLURALS = frozenset("legs feet thighs calves knees ankles hips buttocks groins soles heels shins flanks limbs".split())


def _plural_sides(sided: dict[int, str], hits: Sequence[Hit], words: Sequence[Token]) -> dict[int, str]:
    """The sides of a clause; a limb in the plural with no side of its own is both."""
    plural = {w.place for w in words if w.text in PLURALS and w.place not in sided}
    return sided | {p: "both" for h in hits for p in h.places if h.places & plural and p not in sided}


def _with_pain(found: list[Grounded], numbers: Counted, blank: Grounded, lexicon: Lexicon) -> list[Grounded]:
    """Pain scores and power grades put to the findings they grade."""
    if len(set(numbers.grades)) == 1:
        weakness = lexicon.quality("weakness")
        found = [
            replace(g, degree=numbers.grades[0])
            if weakness in (*g.qualities, *lexicon.parts.get(g.id or "", ((), ()))[0])
            else g
            for g in found
        ]
    if numbers.pain is None:
        return found
    pain = lexicon.quality("pain")
    found = [replace(g, degree=numbers.pain) if _is_pain(g, lexicon) and g.degree is None else g for g in found]
    if pain and not any(_is_pain(g, lexicon) for g in found):
        found.append(
            replace(
                blank,
                qualities=(pain,),
                degree=numbers.pain,
                score=1.0,
                status=blank.status if numbers.pain else "absent",
            )
        )
    severe = whole_name("severe pain", lexicon)
    if severe and numbers.pain >= SEVERE_FROM:
        found.append(replace(blank, id=severe.id, degree=numbers.pain, score=1.0))
    return found


def _is_pain(g: Grounded, lexicon: Lexicon) -> bool:
    qualities = g.qualities or lexicon.parts.get(g.id or "", ((), ()))[0]
    return g.status == "present" and (
        bool(lexicon.pains & set(qualities)) or names_pain(lexicon.labels.get(g.id or "", ""))
    )


def _with_time(found: list[Grounded], numbers: Counted, blank: Grounded, lexicon: Lexicon) -> list[Grounded]:
    """How long it has lasted or how long ago it was, put to what is present; pain is acute or chronic by it."""
    if numbers.ago is not None and numbers.days is None:
        return [replace(g, days=numbers.ago) if g.status == "present" else g for g in found]
    if numbers.days is None:
        return found
    found = [replace(g, days=numbers.days) if g.status == "present" else g for g in found]
    course = "chronic-course" if numbers.days >= CHRONIC else "acute-course" if numbers.days <= ACUTE else None
    alone = not found and not tokens(
        re.sub(r"\b(?:symptoms?|onset|complaint|duration|history|problem|over)\b", " ", numbers.text)
    )
    if course is None or not (alone or any(_is_pain(g, lexicon) for g in found)):
        return found
    named = next((f for f, c in lexicon.courses.items() if c.endswith(course)), None)
    return found + ([replace(blank, id=named, score=0.5, days=numbers.days)] if named else [])
