"""The page on which queries are written, with the competency questions as examples. Works without internet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from kg.read.names import PREFIXES
from kg.read.questions import Question
from kg.web.links import Links
from kg.web.pages import render


def query_page(questions: Sequence[Question], limits: str) -> str:
    """The page as HTML.

    Args:
        limits: what the endpoint refuses and where it stops, in words.
    """
    data = {
        "prefixes": PREFIXES,
        "questions": [
            {
                "name": q.name,
                "question": q.question,
                "text": q.text,
                "parameters": [p._asdict() for p in q.parameters],
                "expect": q.expect,
            }
            for q in questions
        ],
    }
    by_topic = sorted(questions, key=lambda q: (q.topic, q.name))
    topics = [(topic, tuple(found)) for topic, found in groupby(by_topic, key=lambda q: q.topic)]
    return render("query.html", Links("query"), limits=limits, topics=topics, data=data)
