"""An evaluation → text, the safety card, or JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from kg.model import URGENCIES
from kg.notice import DISCLAIMER
from kg.reason.evaluate import ACT_NOW, TOPS, Evaluation, Outcome, Share


def evaluation_text(found: Evaluation) -> str:
    """Figures of the model, then the methods beside each other, then where it is weak."""
    lines = [
        f"{len(found.outcomes)} cases; shares with 95 % bootstrap intervals (2,000 resamples of the cases)",
        "",
        f"needed care the same day and were raised to it  {_share(found.caught)}",
        f"others that were raised too (false alarms)      {_share(found.false_alarms)}",
        f"phrases understood                              {_share(found.understood)}",
        "",
        f"{'method':<20} {'top 1':<18} {'top 3':<18} {'top 5':<18} {'1/rank':>6}  top 3 behind the model",
    ]
    for m in found.methods:
        tops = " ".join(f"{s.hits / s.of:.2f} ({s.low:.2f}–{s.high:.2f})".ljust(18) for s in m.tops)
        gap, low, high = m.behind
        behind = "" if m is found.methods[0] else f"  {gap:+.2f} ({low:+.2f} to {high:+.2f})"
        lines.append(f"{m.name:<20} {tops} {m.reciprocal:>6.2f}{behind}")
    return "\n".join([*lines, "", *_levels(found), "", *_conditions(found)])


def _share(s: Share) -> str:
    if not s.of:
        return "no such case"
    return f"{s.hits} of {s.of}: {s.hits / s.of:.2f} ({s.low:.2f}–{s.high:.2f})"


def _levels(found: Evaluation) -> list[str]:
    """How the alarms did, by the urgency that the graph gives the published condition."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for o in found.outcomes:
        groups[o.level or "not in the graph"].append(o)
    lines = [f"{'urgency of condition':<20} {'cases':>5} {'top 3':>6} {'under-triaged':>14} {'over-triaged':>13}"]
    for level in (*reversed(URGENCIES), "not in the graph"):
        group = groups.get(level, [])
        if group:
            top = sum(o.rank is not None and o.rank <= 3 for o in group)
            lines.append(
                f"{level:<20} {len(group):>5} {top:>6} {sum(map(_under, group)):>14} {sum(map(_over, group)):>13}"
            )
    return lines


def _under(o: Outcome) -> bool:
    return o.case.needs_same_day_care and o.raised not in ACT_NOW


def _over(o: Outcome) -> bool:
    return not o.case.needs_same_day_care and o.raised in ACT_NOW


def _conditions(found: Evaluation) -> list[str]:
    lines = [f"{'rank':>5}  {'raised to':<10} diagnosis"]
    for o in sorted(found.outcomes, key=lambda o: (o.rank or 10**6, o.case.diagnosis)):
        first = "" if o.rank == 1 else f"  (first: {o.first})"
        lines.append(f"{o.rank or '–':>5}  {o.raised:<10} {o.case.diagnosis}{first}")
    return [*lines, "", "– : no condition of the graph has this name"]


def safety_card(found: Evaluation, data_version: str) -> str:
    """The safety card in Markdown: what was measured, under- and over-triage by level, every miss."""
    under, over = [o for o in found.outcomes if _under(o)], [o for o in found.outcomes if _over(o)]
    missed = [o for o in found.outcomes if o.rank is None or o.rank > max(TOPS)]
    lines = [
        "# Safety card",
        "",
        DISCLAIMER,
        "",
        f"Data {data_version}; {len(found.outcomes)} published cases. Intervals are 95 % bootstrap intervals.",
        "",
        "| | |",
        "|---|---|",
        f"| needed care the same day and were raised to it | {_share(found.caught)} |",
        f"| false alarms among the others | {_share(found.false_alarms)} |",
        f"| phrases understood | {_share(found.understood)} |",
        *(f"| diagnosis among the first {k} | {_share(s)} |" for k, s in zip(TOPS, found.methods[0].tops, strict=True)),
        "",
        "## By urgency of the published condition",
        "",
        "```",
        *_levels(found),
        "```",
        "",
        f"## Under-triaged: {len(under)}",
        "",
        *(_missed(o) for o in under),
        "",
        f"## Over-triaged: {len(over)}",
        "",
        *(f"{_missed(o)}; alarms: {', '.join(o.alarms)}" for o in over),
        "",
        f"## Diagnosis not among the first {max(TOPS)}: {len(missed)}",
        "",
        *(_missed(o) for o in missed),
    ]
    return "\n".join(lines) + "\n"


def _missed(o: Outcome) -> str:
    place = f"rank {o.rank}" if o.rank else "not in the graph under this name"
    return (
        f"- {o.case.diagnosis} ({o.case.case.id or o.case.where}): {place}; first was {o.first}; raised to {o.raised}"
    )


def evaluation_json(found: Evaluation) -> dict[str, Any]:
    """The same, JSON-ready."""
    return {
        "cases": len(found.outcomes),
        "same_day_caught": found.caught._asdict(),
        "false_alarms": found.false_alarms._asdict(),
        "phrases_understood": found.understood._asdict(),
        "methods": [
            {
                "name": m.name,
                **{f"top_{k}": s._asdict() for k, s in zip(TOPS, m.tops, strict=True)},
                "mean_reciprocal_rank": m.reciprocal,
                "top_3_behind_the_model": dict(zip(("gap", "low", "high"), m.behind, strict=True)),
            }
            for m in found.methods
        ],
        "outcomes": [
            {
                "id": o.case.case.id,
                "file": o.case.where,
                "diagnosis": o.case.diagnosis,
                "rank": o.rank,
                "first": o.first,
                "urgency_of_condition": o.level,
                "needs_same_day_care": o.case.needs_same_day_care,
                "urgency_raised": o.raised,
                "alarms": list(o.alarms),
                "phrases": o.phrases,
                "unmatched": list(o.unmatched),
            }
            for o in found.outcomes
        ],
    }
