"""Answers → text made to be read on a terminal. Colour is the caller's choice."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from kg.model import DISCLAIMER, Answer, Evidence, Path, RankedCondition

Style = Callable[[str, str], str]
URGENCY_WORDS = {
    "emergency": "EMERGENCY: now",
    "same_day": "SAME DAY: a clinician should look today",
    "soon": "SOON: within days",
    "routine": "routine",
}
BASIS_WORDS = {"published": "published", "derived": "anatomy", "estimate": "estimate"}
REASONS = 7
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain_style(text: str, _colour: str) -> str:
    """No colour."""
    return text


def clean(text: str) -> str:
    """A text without control characters, so that input cannot move the cursor or colour the screen."""
    return CONTROL.sub("�", text)


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
    blocks.append(_wrap(DISCLAIMER, width))
    return "\n\n".join(b for b in blocks if b)


def _wrap(text: str, width: int, indent: str = "", more: str | None = None) -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent if more is None else more)


def _alarms(answer: Answer, style: Style, width: int) -> str:
    lines = []
    for alarm in answer.alarms:
        head = style(f"⚠ {URGENCY_WORDS[alarm.urgency]} — {alarm.label}", "red")
        lines += [
            head,
            _wrap(f"because: {clean('; '.join(alarm.because))}", width, "  ", "    "),
            _wrap(alarm.action, width, "  "),
        ]
        lines += [_wrap(f"source: {s}", width, "  ", "    ") for s in alarm.sources[:2]]
    return "\n".join(lines)


def _understood(answer: Answer, style: Style, width: int) -> str:
    lines = []
    for m in answer.findings:
        sign = "+" if m.status == "present" else "−"
        names = " · ".join(n.label for n in m.matched)
        lines.append(
            _wrap(
                f"{sign} {clean(m.text)} → {names}" + (f" ({m.side})" if m.side else ""),
                width,
                "  ",
                "      ",
            )
        )
    if answer.unmatched:
        lines.append(
            _wrap(
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
    if c.unexplained:
        lines.append(_wrap(f"unexplained: {clean('; '.join(c.unexplained))}", width, "   ", "     "))
    if c.expected_missing:
        lines.append(_wrap(f"expected but not mentioned: {'; '.join(c.expected_missing)}", width, "   ", "     "))
    return "\n".join(lines)


def _reason(e: Evidence, width: int) -> str:
    said = "" if e.meaning == clean(e.finding) else f" [“{clean(e.finding)}”]"
    head = f"{e.meaning}  ({BASIS_WORDS[e.kind]}, {10**e.log10_lr:.2g}×){said}"
    why = [*e.citations[:2], *(" → ".join(link.label for link in path) for path in e.paths[:2])]
    return head + "".join("\n" + _wrap(w, width, "       ", "         ") for w in why)


def _rest(answer: Answer, style: Style, width: int) -> str:
    lines = []
    if answer.localization:
        best = "; ".join(f"{s.label} ({s.score:+.1f})" for s in answer.localization[:4])
        lines.append(_wrap(f"{style('Best single place', 'bold')}: {best}", width, "", "  "))
    for q in answer.ask_next[:3]:
        parts = " and ".join(dict.fromkeys(q.separates))
        lines.append(
            _wrap(
                f"{style('Ask next', 'bold')}: {q.finding}? ({q.bits:.2f} bits; separates {parts})",
                width,
                "",
                "  ",
            )
        )
    lines.append(
        _wrap(
            "Percentages are this model's own belief over the conditions it knows; they leave room for none of these.",
            width,
        )
    )
    return "\n".join(lines)


def localization_text(answer: Answer, style: Style = plain_style, width: int = 100) -> str:
    """Places that explain a pattern of deficits."""
    lines = [_understood(answer, style, width), style("Best single place", "bold")]
    for i, site in enumerate(answer.localization, 1):
        lines.append(
            _wrap(
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
    return "\n".join([*lines, "", _wrap(DISCLAIMER, width)])


def paths_text(start: str, goal: str, found: Sequence[Path], style: Style = plain_style, width: int = 100) -> str:
    """Chains as a numbered list, one link a line."""
    if not found:
        return f"No chain of links connects {start} and {goal}."
    blocks = []
    for i, path in enumerate(found, 1):
        head = style(f"{i}. {start} to {goal}", "bold") + f"  ({len(path.links)} links, cost {path.cost:g})"
        blocks.append("\n".join([head, *(_wrap(link.label, width, "   → ", "     ") for link in path.links)]))
    return "\n\n".join(blocks)


def thing_text(record: dict[str, Any], style: Style = plain_style, width: int = 100) -> str:
    """Everything about one thing."""
    lines = [style(record["label"], "bold") + f"  ({record['kind']}, {record['curie']})"]
    if record["synonyms"]:
        lines.append(_wrap("also: " + "; ".join(record["synonyms"]), width, "", "  "))
    lines.append(_wrap(record["definition"] or "", width))
    for word, value in record["facts"].items():
        texts = value if isinstance(value, list) else [value]
        lines += [_wrap(f"{word}: {text}", width, "", "  ") for text in texts]
    blocks = [
        "\n".join(x for x in lines if x),
        _grouped(record["links"], width, "→"),
        _grouped(record["incoming"], width, "←"),
    ]
    for title, key in (
        ("Statistics", "statistics"),
        ("What is said of treatments and tests", "recommendations"),
    ):
        rows = [_evidence_line(r, width) for r in record[key]]
        if rows:
            blocks.append("\n".join([style(title, "bold"), *rows]))
    if record["sources"]:
        blocks.append(
            "\n".join([style("Sources", "bold"), *(_wrap(s, width, "  ", "    ") for s in record["sources"])])
        )
    return "\n\n".join([*(b for b in blocks if b), _wrap(DISCLAIMER, width)])


def _grouped(links: Sequence[dict[str, Any]], width: int, arrow: str) -> str:
    groups: dict[tuple[str, bool], list[str]] = {}
    for link in links:
        strengths = sorted({a["strength"] for a in link.get("said_by", ())})
        text = link["label"] + (f" [{'/'.join(strengths)}]" if strengths else "")
        groups.setdefault((link["relation"], bool(link.get("entailed"))), []).append(text)
    lines = []
    for (relation, entailed), texts in groups.items():
        head = f"{arrow} {relation}{' (follows)' if entailed else ''}: "
        lines.append(_wrap(head + "; ".join(texts), width, "  ", "      "))
    return "\n".join(lines)


def _evidence_line(record: dict[str, Any], width: int) -> str:
    text = (
        f"{record['sentence']}. {record.get('population') or record.get('note') or ''} [{'; '.join(record['sources'])}]"
    )
    return _wrap(text, width, "  ", "    ")


def search_text(found: Sequence[dict[str, str]], style: Style = plain_style) -> str:
    """Search results, one a line."""
    return "\n".join(f"{style(r['label'], 'bold')}  ({r['kind']}, {r['curie']})" for r in found)
