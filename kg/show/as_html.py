"""Answers → a small piece of HTML for notebooks. Everything from outside is escaped; styles stay inside."""

from __future__ import annotations

from html import escape

from kg.model import Answer, Path, RankedCondition
from kg.notice import DISCLAIMER


def answer_html(answer: Answer) -> str:
    """Alarms and a table of conditions, for `_repr_html_`."""
    alarms = "".join(
        f"<p style='border-left:4px solid #b00020;padding-left:.6em'><b>{escape(a.label)}</b>: {escape(a.action)} "
        f"<i>because {escape('; '.join(a.because))}</i></p>"
        for a in answer.alarms
    )
    rows = "".join(_row(c) for c in answer.conditions)
    missed = f"<p>Not understood: {escape('; '.join(answer.unmatched))}</p>" if answer.unmatched else ""
    head = "<tr><th>#</th><th>condition</th><th>belief</th><th>for</th><th>against</th></tr>"
    return f"<div>{alarms}<table>{head}{rows}</table>{missed}<small>{escape(DISCLAIMER)}</small></div>"


def _row(c: RankedCondition) -> str:
    def cell(effect: str) -> str:
        return escape("; ".join(dict.fromkeys(e.finding for e in c.evidence if e.effect == effect)))

    head = f"<tr><td>{c.rank}</td><td>{escape(c.label)}</td><td>{c.probability:.0%}</td>"
    return f"{head}<td>{cell('for')}</td><td>{cell('against')}</td></tr>"


def paths_html(found: tuple[Path, ...]) -> str:
    """Chains as an ordered list."""
    items = "".join(f"<li>{' → '.join(escape(link.label) for link in p.links)}</li>" for p in found)
    return f"<ol>{items}</ol>" if items else "<p>No chain connects the two.</p>"
