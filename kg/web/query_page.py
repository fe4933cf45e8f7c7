"""The page on which queries are written, with the competency questions as examples. Works without internet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

from kg.notice import DISCLAIMER
from kg.read.names import PREFIXES
from kg.read.questions import Question

TEMPLATE = Path(__file__).parent / "templates" / "query.html"


def query_page(questions: Sequence[Question], limits: str) -> str:
    """The page as HTML.

    Args:
        limits: what the endpoint refuses and where it stops, in words.
    """
    data = {
        "prefixes": PREFIXES,
        "questions": [{"name": q.name, "question": q.question, "kind": q.kind, "text": q.text} for q in questions],
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        disclaimer=escape(DISCLAIMER),
        limits=escape(limits),
        examples=_examples(questions),
        # A closing tag inside a string would end the script.
        data=json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    )


def _examples(questions: Sequence[Question]) -> str:
    blocks = []
    for place, topic in enumerate(sorted({q.topic for q in questions})):
        opened = "" if place else " open"
        items = "".join(
            f'<li><a href="query?example={q.name}" data-example="{q.name}">{escape(q.question)}</a>'
            f"{_parameters(q)}</li>"
            for q in questions
            if q.topic == topic
        )
        blocks.append(f"<details{opened}><summary>{escape(topic.capitalize())}</summary><ul>{items}</ul></details>")
    return "\n".join(blocks)


def _parameters(question: Question) -> str:
    given = ", ".join(f"{p.name} = <code>{escape(p.value)}</code>" for p in question.parameters)
    return f'<div class="parameters">{given}</div>' if given else ""
