"""One thing, or a list of things found → text. Apart from the faces of answers, so that a look-up stays quick."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from kg.notice import DISCLAIMER

Style = Callable[[str, str], str]


def plain_style(text: str, _colour: str) -> str:
    """No colour."""
    return text


def wrap(text: str, width: int, indent: str = "", more: str | None = None) -> str:
    """A paragraph with hanging indent."""
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent if more is None else more)


def thing_text(record: dict[str, Any], style: Style = plain_style, width: int = 100) -> str:
    """Everything about one thing."""
    lines = [style(record["label"], "bold") + f"  ({record['kind']}, {record['curie']})"]
    if record["synonyms"]:
        lines.append(wrap("also: " + "; ".join(record["synonyms"]), width, "", "  "))
    lines.append(wrap(record["definition"] or "", width))
    for word, value in record["facts"].items():
        texts = value if isinstance(value, list) else [value]
        lines += [wrap(f"{word}: {text}", width, "", "  ") for text in texts]
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
        blocks.append("\n".join([style("Sources", "bold"), *(wrap(s, width, "  ", "    ") for s in record["sources"])]))
    return "\n\n".join([*(b for b in blocks if b), wrap(DISCLAIMER, width)])


def _grouped(links: Sequence[dict[str, Any]], width: int, arrow: str) -> str:
    groups: dict[tuple[str, bool], list[str]] = {}
    for link in links:
        said = link.get("said_by", ())
        strengths = sorted({a["strength"] for a in said if a["strength"]})
        strengths += [f"measured {a['measured']:.0%}" for a in said if a.get("measured") is not None]
        notes = [] if strengths else [note.rstrip(".") for a in said for note in a["notes"]]
        text = link["label"] + (f" [{'/'.join(strengths)}]" if strengths else "")
        text += f" ({'; '.join(notes)})" if notes else ""
        groups.setdefault((link["relation"], bool(link.get("entailed"))), []).append(text)
    lines = []
    for (relation, entailed), texts in groups.items():
        head = f"{arrow} {relation}{' (follows)' if entailed else ''}: "
        lines.append(wrap(head + "; ".join(texts), width, "  ", "      "))
    return "\n".join(lines)


def _evidence_line(record: dict[str, Any], width: int) -> str:
    text = (
        f"{record['sentence']}. {record.get('population') or record.get('note') or ''} [{'; '.join(record['sources'])}]"
    )
    return wrap(text, width, "  ", "    ")


def search_text(found: Sequence[dict[str, str]], style: Style = plain_style) -> str:
    """Search results, one a line."""
    return "\n".join(f"{style(r['label'], 'bold')}  ({r['kind']}, {r['curie']})" for r in found)


def questions_text(questions: Sequence[dict[str, Any]], style: Style = plain_style, width: int = 100) -> str:
    """Competency questions by topic, each with what may be put in place of what, and what its answer holds."""
    blocks = []
    for topic in sorted({q["topic"] for q in questions}):
        lines = [style(topic.capitalize(), "bold")]
        for q in (q for q in questions if q["topic"] == topic):
            lines += ["  " + style(q["name"], "green"), wrap(q["question"], width, "      ")]
            if q["parameters"]:
                lines.append(_plain("; ".join(f"{p.name} = {p.value} (any {p.kind})" for p in q["parameters"]), width))
            lines.append(_plain("holds: " + "; ".join(" | ".join(row) for row in q["expect"]), width))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _plain(text: str, width: int) -> str:
    return textwrap.fill(text, width, initial_indent=" " * 6, subsequent_indent=" " * 6, break_on_hyphens=False)
