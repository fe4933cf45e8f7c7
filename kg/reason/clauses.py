"""A phrase → its clauses, and what in them is denied, called normal, on a side, past or only supposed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kg.reason.tokens import LINKING, STRONG, Token, all_words, stem, tokens


class Clause(NamedTuple):
    """A stretch of a phrase without an inner stop.

    Attributes:
        before: what parts it from the clause before it: "", ",", ";", ":", "(" or "but".
        text: its words, lower case.
        joints: places of "and" and "or" among the words.
    """

    before: str
    text: str
    words: tuple[Token, ...]
    joints: frozenset[int]


STOPS = re.compile(
    r"(?P<stop>[;:\n()\[\]]|\.(?!\d)| [-–—] |,|\b(?:but|then|plus|however|although|though|whereas"
    r"|except(?: for)?|apart from|other than|yet)\b)"
)
PRE = {
    stem(w)
    for w in (
        "no",
        "not",
        "without",
        "denies",
        "denied",
        "denying",
        "deny",
        "never",
        "nor",
        "neither",
        "none",
        "free",
        "lacks",
    )
}
POST = {stem(w) for w in ("negative", "none", "denied", "nil", "no", "absent", "excluded", "lacking")}
GONE = frozenset({"gone", "resolved", "disappeared", "vanished"})  # behind a complaint: it is no more
LISTING = {stem(w) for w in ("denies", "denied", "deny", "denying", "nor", "neither")}
DENIALS = PRE | {stem("negative")}
NEGATIVE = stem("negative")
NORMAL = {
    stem(w)
    for w in (
        "normal",
        "intact",
        "preserved",
        "unremarkable",
        "nad",
        "unaffected",
        "spared",
        "unimpaired",
        "symmetrical",
        "symmetric",
        "equal",
    )
} | {STRONG}
POSITIVE = re.compile(
    r"\b(?:has|have|had|having|reports?|complains?|positive|with|present|shows?|found|severe|marked|constant"
    r"|reduced|weak|absent|but|also|does|is)\b"
    rf"|\b{STRONG}\b"
)
SLASH = re.compile(r"(?<=[a-z]) ?/ ?(?=[a-z])")
OR = re.compile(r"\b(?:or|nor|and|&)\b|/")
HEDGE = re.compile(
    r"\?|\b(?:maybe|possibl[ey]|perhaps|probabl[ey]|query|suspected|suspicion of|might be|questionable|equivocal)\b"
)
# What others once called it is no finding: "treated as a hamstring strain", "put down to muscles".
OPINION = re.compile(
    r"\b(?:treated as|told|called|labell?ed|put down to|attributed to|(?:mis)?diagnosed as|misdiagnosed with"
    r"|thought to be|blamed on|dismissed as|mistaken for|assumed to be)\b"
)
PAST = re.compile(
    r"\b(?:years|yrs) (?:ago|before|earlier)\b|\bat (?:the )?age (?:of )?\d+|\baged \d+|\bat \d{1,2}$"
    r"|\bwhen (?:he|she|i) was \d+|\bage \d{1,2}\b"
    r"|\bin (?:his|her|my|their) (?:teens|twenties|thirties|forties|fifties|sixties|\d0s)\b|\bbefore (?:this"
    r"|that)\b|\bused to (?:have|get|suffer|be)\b"
    r"|(?<!years )(?<!year )(?<!yrs )(?<!months )(?<!weeks )\bold"
    r" (?!man|woman|lady|age|people|person|boy|girl|and|enough)"
    r"|\bin childhood|\bas a (?:child|teenager|boy|girl|kid)\b|\bin (?:19|20)\d\d\b"
)
BEGAN = re.compile(
    r"\b(?:start(?:ed|ing)|began|begun|came on|onset|since|first (?:noticed|felt|began|started)|commenced"
    r"|developed)\b"
)
SIDES = frozenset({"left", "right", "both"})
BOTH = re.compile(r"\b(?:left and right|right and left|left or right)\b")
NOT_A_NOUN = {stem(w) for w in ("side", "sided", "hand", "more", "lower")}


def clauses(text: str) -> tuple[Clause, ...]:
    """Part a text at its stops.

    >>> [(c.before, c.text.strip()) for c in clauses("worse sitting, better lying but no fever")]
    [('', 'worse sitting'), (',', 'better lying'), ('but', 'no fever')]
    """
    text = SLASH.sub(" or ", text)
    out: list[Clause] = []
    before, start = "", 0
    for stop in [*STOPS.finditer(text), None]:
        piece = text[start : stop.start() if stop else len(text)]
        if piece.strip():
            joints = frozenset(i for i, w in enumerate(all_words(piece)) if w in ("and", "or", "nor"))
            out.append(Clause(before, piece, tokens(piece), joints))
            before = ""
        if stop:
            kind = stop["stop"].strip()
            if kind == ":" and len(piece.split()) <= 2 and not SIDES.intersection(piece.split()):
                continue  # "DRE: reduced tone" is one clause
            before = kind if kind in (",", ";", ":", "(") else "but" if kind.isalpha() else ";"
            start = stop.end()
    return tuple(out)


def denials(parts: Sequence[Clause], taken: Sequence[Collection[int]]) -> tuple[frozenset[int], ...]:
    """For each clause the places of words that are denied.

    A denial reaches to the end of its clause, and over commas where a list goes on: to the last member before "or",
    or as far as members are bare where the verb is "denies". "Negative" behind a name denies what stands before it,
    and the members of the list before that, unless they have a result of their own.

    Args:
        taken: for each clause the word places that belong to a name that was found, so "no" in "no relief" is none.
    """
    out: list[set[int]] = [set() for _ in parts]
    reach = -1  # the last clause over which a denial goes on
    for i, clause in enumerate(parts):
        if i <= reach and not _own_denial(clause, taken[i]):
            out[i] |= {w.place for w in clause.words}
            continue
        for word in clause.words:
            if word.place in taken[i]:
                continue
            later = [p for p in taken[i] if p > word.place]
            earlier = {w.place for w in clause.words if w.place < word.place}
            if word.stem in PRE and later:
                out[i] |= {w.place for w in clause.words if w.place > word.place}
                reach = max(reach, _list_end(parts, taken, i, word))
            elif word.stem == NEGATIVE and later and not earlier & set(taken[i]):
                out[i] |= set(later)
                reach = max(reach, _list_end(parts, taken, i, word))
            elif word.text in GONE and not later:
                out[i] |= earlier
            elif word.stem in POST and (not later or word.stem == NEGATIVE):
                out[i] |= earlier
                _deny_list_before(parts, taken, i, out)
    return tuple(frozenset(places) for places in out)


def _deny_list_before(
    parts: Sequence[Clause], taken: Sequence[Collection[int]], i: int, out: Sequence[set[int]]
) -> None:
    """Extend "… negative" to the bare members of the list before it: "SLR, slump and FABER negative"."""
    j = i
    while j > 0 and parts[j].before in (",", ":"):
        j -= 1
        if not _bare(parts[j], taken[j]) or out[j]:
            break
        out[j].update(taken[j])


def _own_denial(clause: Clause, taken: Collection[int]) -> bool:
    return any(w.stem in DENIALS and w.place not in taken for w in clause.words)


def _bare(clause: Clause, taken: Collection[int]) -> bool:
    """Whether a clause is a mere member of a list: no result or verb of its own, little beside the name."""
    rest = [w for w in clause.words if w.place not in taken and w.text not in ("all", "and")]
    return bool(taken) and len(rest) <= 1 and not POSITIVE.search(clause.text)


def _list_end(parts: Sequence[Clause], taken: Sequence[Collection[int]], i: int, denial: Token) -> int:
    run = i
    while run + 1 < len(parts) and parts[run + 1].before == "," and not POSITIVE.search(parts[run + 1].text):
        run += 1
    if denial.stem in LISTING:
        return run
    last = next((j for j in range(run, i, -1) if OR.search(parts[j].text)), i)
    if last > i and all(_bare(parts[j], taken[j]) or j == last for j in range(i + 1, last + 1)):
        return last
    end = i
    while (
        end < run
        and len(parts[i].words) <= 4
        and _bare(parts[end + 1], taken[end + 1])
        and len(parts[end + 1].words) <= 2
        and not any(w.stem in SIDES or w.stem == "pain" for w in parts[end + 1].words)
    ):
        end += 1
    return end


def sides(parts: Sequence[Clause], taken: Sequence[Collection[int]]) -> tuple[dict[int, str], ...]:
    """For each clause: word place → the side it is on.

    A side before its noun holds from there on, over the commas of a list, until another side is named; a side behind
    ("weak on the left") holds for what stands before it in the clause.
    """
    out: list[dict[int, str]] = []
    on: str | None = None
    for i, clause in enumerate(parts):
        if clause.before not in ("", ",", "(", ":"):
            on = None
        here: dict[int, str] = {}
        own: set[int] = set()
        before = next((j for j in range(i - 1, -1, -1) if taken[j]), None)
        heads_list = i + 1 < len(parts) and parts[i + 1].before == ":"
        for k, word in enumerate(clause.words):
            if word.stem not in SIDES:
                if on:
                    here.setdefault(word.place, on)
                continue
            side = "both" if BOTH.search(clause.text) else word.stem
            rest = [w for w in clause.words[k + 1 :] if w.stem not in NOT_A_NOUN and w.stem not in SIDES]
            if rest and rest[0].text not in LINKING and any(w.place in taken[i] for w in rest[:2]):
                on = side
                own |= {w.place for w in rest}
                here |= {w.place: side for w in clause.words[k:]}
            elif taken[i]:
                here |= {w.place: side for w in clause.words[:k] if w.place not in own}
                on = None
            elif heads_list:
                on = side
            elif before is not None:
                out[before] = {w.place: side for w in parts[before].words} | out[before]
        out.append(here)
    return tuple(out)
