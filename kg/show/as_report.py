"""The report of `kg check` → text or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kg.read.check import Report
from kg.read.coverage import Coverage


def report_text(report: Report, style: Callable[[str, str], str] = lambda t, _: t, warnings: bool = True) -> str:
    """Every error with place and cure, then warnings, each or counted by kind, then what was checked."""
    lines = []
    for issue in report.issues if warnings else report.errors:
        colour = "red" if issue.level == "error" else "yellow"
        lines += [f"{style(issue.level, colour)}  {issue.where}  {issue.what}", f"       cure: {issue.cure}"]
    if not warnings:
        kinds = Counter(i.what.partition(":")[0] for i in report.issues if i.level == "warning")
        lines += [f"{style('warning', 'yellow')}  {n:4} × {what}" for what, n in kinds.most_common()]
    counts = ", ".join(f"{n:,} {what}" for what, n in report.checked.items())
    errors, left = len(report.errors), len(report.issues) - len(report.errors)
    verdict = style("Clean: no errors.", "green") if not errors else style(f"{errors} errors.", "red")
    if left:
        verdict += f" {left} warnings, which are open work" + ("." if warnings else "; --warnings lists them.")
    return "\n".join([*lines, f"{verdict} Checked: {counts}."])


def report_json(report: Report) -> dict[str, Any]:
    """The same, JSON-ready."""
    return {
        "errors": len(report.errors),
        "issues": [asdict(i) for i in report.issues],
        "checked": report.checked,
    }


def coverage_text(found: Coverage) -> str:
    """One line a measure, with the query that lists what is left; then the concepts that are missing."""
    lines = [f"{n:6,} {what}" for what, n in found.counts.items()] + [""]
    for m in found.measures:
        share = f"{m.have / m.of:.0%}" if m.of else "–"
        rest = f"   (the rest: kg sparql {m.query})" if m.query and m.have < m.of else ""
        lines.append(f"{m.have:6,} of {m.of:,} {m.what}: {share}{rest}")
    if found.missing:
        lines += ["", "missing:", *(f"  {m}" for m in found.missing)]
    return "\n".join(lines)


def coverage_json(found: Coverage) -> dict[str, Any]:
    """The same, JSON-ready."""
    return {"counts": found.counts, "measures": [m._asdict() for m in found.measures], "missing": list(found.missing)}
