"""Answers → text made to be read on a terminal. Colour is the caller's choice."""

from __future__ import annotations

from collections.abc import Sequence

from kg.model import Answer, Evidence, Moved, Path, RankedCondition, WhyNot
from kg.notice import DISCLAIMER
from kg.plain import clean
from kg.show.as_record import Style, plain_style, wrap

URGENCY_WORDS = {
    "emergency": "EMERGENCY: now",
    "same_day": "SAME DAY: a clinician should look today",
    "soon": "SOON: within days",
    "routine": "routine",
}
BASIS_WORDS = {"published": "published", "derived": "anatomy", "estimate": "estimate"}
REASONS = 7
MOVES = 12
LEAST_GAP = 0.1  # log10 units that are worth a line


def answer_text(answer: Answer, style: Style = plain_style, width: int = 100) -> str:
    """The whole answer: alarms on top, then what was understood, conditions, place, next question."""
    blocks = [_alarms(answer, style, width), _understood(answer, style, width)]
    if not answer.conditions:
        blocks.append(
            "Nothing to rank: no finding was understood. Try plain words, one finding a phrase, or `kg search`."
        )
    blocks += [_condition(c, style, width) for c in answer.conditions]
    if answer.conditions:
        blocks.append(_rest(answer, style, width))
    blocks.append(wrap(DISCLAIMER, width))
    return "\n\n".join(b for b in blocks if b)


def _alarms(answer: Answer, style: Style, width: int) -> str:
    lines = []
    for alarm in answer.alarms:
        head = style(f"⚠ {URGENCY_WORDS[alarm.urgency]} — {alarm.label}", "red")
        lines += [
            head,
            wrap(f"because: {clean('; '.join(alarm.because))}", width, "  ", "    "),
            wrap(alarm.action, width, "  "),
        ]
        lines += [wrap(f"source: {s}", width, "  ", "    ") for s in alarm.sources[:2]]
    return "\n".join(lines)


def _understood(answer: Answer, style: Style, width: int) -> str:
    lines = []
    for m in answer.findings:
        sign = "+" if m.status == "present" else "−"
        names = " · ".join(n.label for n in m.matched)
        lines.append(
            wrap(
                f"{sign} {clean(m.text)} → {names}" + (f" ({m.side})" if m.side else ""),
                width,
                "  ",
                "      ",
            )
        )
    if answer.unmatched:
        lines.append(
            wrap(
                style("not understood: ", "yellow") + clean("; ".join(answer.unmatched)),
                width,
                "  ",
                "      ",
            )
        )
    return style("Understood as", "bold") + "\n" + "\n".join(lines) if lines else ""


def _condition(c: RankedCondition, style: Style, width: int) -> str:
    bar = "█" * round(20 * c.probability) or "▏"
    urgent = (
        ""
        if c.urgency == "routine"
        else style(f"  [{URGENCY_WORDS[c.urgency]}]", "red" if c.urgency == "emergency" else "yellow")
    )
    lines = [style(f"{c.rank}. {c.label}", "bold") + f"  {c.probability:.0%} {bar}" + urgent]
    for effect, sign, colour in (("for", "+", "green"), ("against", "−", "red")):
        chosen = [e for e in c.evidence if e.effect == effect][:REASONS]
        lines += [style(f"   {sign} ", colour) + _reason(e, width) for e in chosen]
    if abs(c.resemblance) >= LEAST_GAP:
        lines.append(f"   likeness of the case to its whole picture: {10**c.resemblance:.2g}×")
    if c.unexplained:
        lines.append(wrap(f"unexplained: {clean('; '.join(c.unexplained))}", width, "   ", "     "))
    if c.expected_missing:
        said = f"expected but not mentioned: {'; '.join(c.expected_missing)}"
        lines.append(wrap(f"{said} (silence counts {10**c.silence:.2g}×)", width, "   ", "     "))
    return "\n".join(lines)


def _reason(e: Evidence, width: int) -> str:
    said = "" if e.meaning == clean(e.finding) else f" [“{clean(e.finding)}”]"
    head = f"{e.meaning}  ({BASIS_WORDS[e.kind]}, {10**e.log10_lr:.2g}×){said}"
    why = [*e.citations[:2], *(" → ".join(link.label for link in path) for path in e.paths[:2])]
    return head + "".join("\n" + wrap(w, width, "       ", "         ") for w in why)


def _rest(answer: Answer, style: Style, width: int) -> str:
    lines = []
    if answer.together:
        lines += [style("Two at once", "bold") + ": no single condition explains this case as well as these two"]
        for name, phrases in zip(answer.together.conditions, answer.together.explains, strict=True):
            lines.append(wrap(f"{name.label}, for {clean('; '.join(phrases))}", width, "  ", "    "))
    if answer.localization:
        best = "; ".join(f"{s.label} ({s.score:+.1f})" for s in answer.localization[:4])
        lines.append(wrap(f"{style('Best single place', 'bold')}: {best}", width, "", "  "))
    for q in answer.ask_next[:3]:
        parts = " and ".join(dict.fromkeys(q.separates))
        lines.append(
            wrap(
                f"{style('Ask next', 'bold')}: {q.finding}? ({q.bits:.2f} bits; separates {parts})",
                width,
                "",
                "  ",
            )
        )
    lines.append(
        wrap(
            "Percentages are this model's own belief over the conditions it knows; they leave room for none of these.",
            width,
        )
    )
    return "\n".join(lines)


CHANGE_WORDS = {"present": "if there were", "absent": "if there were no", "without": "leaving out"}


def why_not_text(found: WhyNot, style: Style = plain_style, width: int = 100) -> str:
    """Each finding for both conditions, then the fewest changes that would turn the order round."""
    one, other = found.wanted, found.rival
    head = f"Why {'' if found.ahead else 'not '}{one.label}, {one.probability:.0%}, against {other.label}"
    lines = [style(f"{head}, {other.probability:.0%}", "bold")]
    theirs = {(e.finding, e.meaning): e for e in other.evidence}
    for e in one.evidence:
        gap = e.log10_lr - theirs[e.finding, e.meaning].log10_lr
        if abs(gap) >= LEAST_GAP:
            side = one.label if gap > 0 else other.label
            lines.append(wrap(f"{e.meaning}: {10 ** abs(gap):.2g}× for {side}", width, "   ", "     "))
    if found.ahead:
        lines.append(f"{one.label} is the likelier of the two already.")
    elif found.changes:
        said = " and ".join(f"{CHANGE_WORDS[c.how]} “{clean(c.finding)}”" for c in found.changes)
        lines.append(wrap(f"It would come out ahead {said}.", width))
    else:
        lines.append("No change of up to three findings would put it ahead.")
    return "\n".join(lines)


def moved_text(found: Sequence[Moved], style: Style = plain_style) -> str:
    """What stands elsewhere by the studies than by the textbook's chart."""
    head = style("Chart against studies", "bold")
    if not found:
        return f"{head}: nothing moves; no link that counts here was measured."
    lines = [f"{head} (belief of conditions, score of places)"]
    for m in found[:MOVES]:
        if m.kind == "condition":
            lines.append(f"   {m.label}: {m.chart:.1%} by the chart, {m.studies:.1%} by the studies")
        else:
            lines.append(f"   {m.label}: {m.chart:+.2f} by the chart, {m.studies:+.2f} by the studies")
    return "\n".join(lines)


def localization_text(answer: Answer, style: Style = plain_style, width: int = 100) -> str:
    """Places that explain a pattern of deficits."""
    lines = [_understood(answer, style, width), style("Best single place", "bold")]
    for i, site in enumerate(answer.localization, 1):
        lines.append(
            wrap(
                f"{i}. {site.label} ({site.score:+.2f}): explains {clean('; '.join(site.explains))}",
                width,
                "  ",
                "     ",
            )
        )
    if not answer.localization:
        lines.append(
            "  No single place explains these findings. Give deficits: numbness, weakness, reflexes, with their place."
        )
    return "\n".join([*lines, "", wrap(DISCLAIMER, width)])


def paths_text(start: str, goal: str, found: Sequence[Path], style: Style = plain_style, width: int = 100) -> str:
    """Chains as a numbered list, one link a line."""
    if not found:
        return f"No chain of links connects {start} and {goal}."
    blocks = []
    for i, path in enumerate(found, 1):
        head = style(f"{i}. {start} to {goal}", "bold") + f"  ({len(path.links)} links, cost {path.cost:g})"
        blocks.append("\n".join([head, *(wrap(link.label, width, "   → ", "     ") for link in path.links)]))
    return "\n\n".join(blocks)


def paths_table(found: Sequence[Path]) -> str:
    """Chains as rows separated by tabs: chain, cost of the chain, step, subject, predicate, object, words."""
    rows = [("chain", "cost", "step", "subject", "predicate", "object", "words")]
    rows += [
        (str(i), f"{path.cost:g}", str(n), link.subject, link.predicate, link.object, link.label)
        for i, path in enumerate(found, 1)
        for n, link in enumerate(path.links, 1)
    ]
    return "\n".join("\t".join(row) for row in rows)
