"""A case → the whole answer: understand, alarm, rank, localise, ask."""

from __future__ import annotations

from kg.model import Answer, Case
from kg.reason.ask import ask_next
from kg.reason.knowledge import Knowledge
from kg.reason.lexicon import Lexicon
from kg.reason.localize import localize
from kg.reason.rank import describe, score
from kg.reason.together import together
from kg.reason.urgency import alarms, most_urgent
from kg.reason.words import as_matches, understand


def explain(
    case: Case, knowledge: Knowledge, lexicon: Lexicon, top: int = 10, version: dict[str, str] | None = None
) -> Answer:
    """Everything the graph has to say about a case.

    Args:
        top: how many conditions to describe; the probabilities are over all.
    """
    phrases = [(p, "present") for p in case.present] + [(p, "absent") for p in case.absent]
    found, unmatched = understand(phrases, lexicon)  # type: ignore[arg-type]
    raised = alarms(found, case, knowledge)
    scored = score(found, case, knowledge) if found else ()
    return Answer(
        case=case,
        side=next((g.side for g in found if g.side), None),
        findings=as_matches(found, lexicon),
        unmatched=unmatched,
        urgency=most_urgent(raised),
        alarms=raised,
        conditions=tuple(describe(s, i, found, knowledge) for i, s in enumerate(scored[:top], 1)),
        localization=localize(found, knowledge),
        ask_next=ask_next(scored, found, knowledge),
        together=together(found, case, knowledge) if found else None,
        version=version or {},
    )
