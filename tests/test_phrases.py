"""Golden phrases: what clinicians and patients type, and what it means."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

import kg
from kg.reason.words import Grounded, ground

GRAPH = kg.load()
FILE = Path(__file__).parent / "golden" / "phrases.tsv"


class Golden(NamedTuple):
    """A phrase, the findings it must be read as, and those that may come beside them."""

    half: str
    status: str
    phrase: str
    wanted: tuple[str, ...]
    allowed: tuple[str, ...]


def golden() -> list[Golden]:
    """The lines of the file."""

    def listed(text: str) -> tuple[str, ...]:
        return tuple(x.strip() for x in text.split(",") if x.strip() and x.strip() != "none")

    rows = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    return [Golden(half, status, text, listed(want), listed(may)) for half, status, text, want, may in rows]


def said(g: Grounded) -> str:
    """A finding in the notation of the file, without its side."""
    parts = [g.id] if g.id else [*g.qualities, *g.sites]
    return ("-" if g.status == "absent" else "") + "+".join(i.rpartition("/")[2] for i in parts)


def wrong(case: Golden) -> list[str]:
    """Everything that is missing, too much, or on the wrong side."""
    found = {said(g): g.side for g in ground(case.phrase, case.status, GRAPH.lexicon)}  # type: ignore[arg-type]
    out = []
    for reading in case.wanted:
        either = [one.partition("@") for one in reading.split("/")]
        if not any(name in found and (not side or found[name] == side) for name, _, side in either):
            out.append(f"missing {reading}")
    known = {one.partition("@")[0] for reading in (*case.wanted, *case.allowed) for one in reading.split("/")}
    return out + [f"too much {name}" for name in found if name not in known]


@pytest.mark.parametrize("case", [c for c in golden() if c.half != "open"], ids=lambda c: c.phrase)
def test_a_phrase_means_what_its_writer_means(case: Golden) -> None:
    assert wrong(case) == []


@pytest.mark.parametrize("case", [c for c in golden() if c.half == "open"], ids=lambda c: c.phrase)
def test_what_is_still_misread_is_known(case: Golden) -> None:
    assert wrong(case), "understood now: move the line to another half"


@pytest.mark.parametrize("case", golden(), ids=lambda c: c.phrase)
def test_what_is_listed_as_absent_is_never_read_as_present(case: Golden) -> None:
    assert {g.status for g in ground(case.phrase, "absent", GRAPH.lexicon)} <= {"absent"}


if __name__ == "__main__":
    for half in sorted({c.half for c in golden()}):
        cases = [c for c in golden() if c.half == half]
        bad = [(c, w) for c in cases if (w := wrong(c))]
        for c, w in bad:
            print(f"{half}\t{c.phrase}\t{'; '.join(w)}")
        print(f"{half}: {len(cases) - len(bad)} of {len(cases)} right")
