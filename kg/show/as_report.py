"""The report of `kg check` → text or JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from kg.read.check import Report


def report_text(report: Report, style: Callable[[str, str], str] = lambda t, _: t) -> str:
    """Every problem with place and cure, then what was checked."""
    lines = []
    for issue in report.issues:
        colour = "red" if issue.level == "error" else "yellow"
        lines += [f"{style(issue.level, colour)}  {issue.where}  {issue.what}", f"       cure: {issue.cure}"]
    counts = ", ".join(f"{n:,} {what}" for what, n in report.checked.items())
    errors, warnings = len(report.errors), len(report.issues) - len(report.errors)
    verdict = style("Clean.", "green") if not report.issues else f"{errors} errors, {warnings} warnings."
    return "\n".join([*lines, f"{verdict} Checked: {counts}."])


def report_json(report: Report) -> dict[str, Any]:
    """The same, JSON-ready."""
    return {
        "errors": len(report.errors),
        "issues": [asdict(i) for i in report.issues],
        "checked": report.checked,
    }
