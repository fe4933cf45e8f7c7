"""The nouns: frozen data that every room hands to the next.

Probabilities and shares are numbers from 0 to 1; strengths of anatomical links lie in (0, 1]; evidence is counted
in `log10` of likelihood ratios, so +1 means ten times likelier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["present", "absent"]
How = Literal["exact", "synonym", "composed", "fuzzy"]
Effect = Literal["for", "against", "neutral"]
Level = Literal["recall", "hop", "weigh", "case"]
Basis = Literal["published", "derived", "estimate"]
Urgency = Literal["emergency", "same_day", "soon", "routine"]

BL = "https://w3id.org/backleg-pain/ontology#"
LEVELS: tuple[Level, ...] = ("recall", "hop", "weigh", "case")
URGENCIES: tuple[Urgency, ...] = ("routine", "soon", "same_day", "emergency")


@dataclass(frozen=True, slots=True)
class Name:
    """A thing's identifier and preferred label."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    """One triple of the graph, with its words."""

    subject: str
    predicate: str
    object: str
    label: str


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a person.

    Attributes:
        present: findings in plain words.
        absent: findings that were looked for and not found.
        age: years, 0 to 120.
    """

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    age: int | None = None
    sex: Literal["female", "male"] | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """A case with the answer that was published.

    Attributes:
        acceptable: the diagnosis and the other names that a fair marker would accept.
        needs_same_day_care: whether the person needed care the same day.
        where: file it was read from.
        published: where it was published: author, title and the address or number to find it by.
    """

    case: Case
    diagnosis: str
    acceptable: tuple[str, ...]
    needs_same_day_care: bool
    where: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase and what it was understood to mean.

    Attributes:
        score: share of the phrase's meaning words that the match accounts for, 0 to 1.
        side: left, right or both, where the phrase says so.
    """

    text: str
    status: Status
    matched: tuple[Name, ...]
    how: How
    score: float
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one finding says of one condition. The sentence and the number come from this one object.

    Attributes:
        log10_lr: log10 of how many times likelier the finding is in this condition than in the others.
        likelihood: P(finding | condition) used.
        statistics: IRIs of the `bl:Statistic` nodes used.
        citations: the same in words, one each.
        meaning: what the phrase was understood to mean here.
        paths: chains of triples from condition to finding.
    """

    finding: str
    meaning: str
    effect: Effect
    log10_lr: float
    kind: Basis
    likelihood: float
    statistics: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    paths: tuple[tuple[Link, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class RankedCondition:
    """A condition as it fits a case.

    Attributes:
        score: log10 of the likelihood ratio of all findings together, prior left out.
        broader: what it is a kind of, nearest first.
        silence: the part of it that comes of expected findings that nobody mentioned.
        resemblance: the part of it that comes of the likeness of the case and the condition's picture as wholes.
        probability: the model's belief, over the conditions it knows and "none of these".
        unexplained: phrases that this condition does not explain.
        expected_missing: findings it would lead one to expect and nobody mentioned.
    """

    id: str
    label: str
    synonyms: tuple[str, ...]
    broader: tuple[str, ...]
    rank: int
    score: float
    probability: float
    urgency: Urgency
    evidence: tuple[Evidence, ...]
    unexplained: tuple[str, ...]
    expected_missing: tuple[str, ...]
    silence: float = 0.0
    resemblance: float = 0.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A red flag that the case meets."""

    id: str
    label: str
    urgency: Urgency
    because: tuple[str, ...]
    action: str
    suggests: tuple[Name, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place that would explain a pattern of deficits.

    Attributes:
        score: log10 of the likelihood ratio of the pattern, against chance.
        explains: the phrases it explains.
    """

    id: str
    label: str
    score: float
    explains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A finding worth asking for next.

    Attributes:
        bits: expected information about which condition it is, in bits.
        separates: labels of the conditions it would tell apart.
    """

    finding: str
    bits: float
    separates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """Two conditions that fit a case better than any one.

    Attributes:
        explains: for each of the two, the phrases that need it.
        gain: how much better than the best single condition, in log10 units.
    """

    conditions: tuple[Name, ...]
    explains: tuple[tuple[str, ...], ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a case: a finding more that is present or absent, or one of its phrases left out."""

    how: Literal["present", "absent", "without"]
    finding: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What speaks between a condition and another one.

    Attributes:
        ahead: whether the wanted one is the likelier already.
        changes: the fewest changes that would make it so; empty where three are not enough.
    """

    wanted: RankedCondition
    rival: RankedCondition
    ahead: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A condition's belief, or a place's score, by the textbook's chart and by what studies measured."""

    id: str
    label: str
    kind: Literal["condition", "place"]
    chart: float
    studies: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything `explain` has to say about a case."""

    case: Case
    side: str | None
    findings: tuple[Match, ...]
    unmatched: tuple[str, ...]
    urgency: Urgency
    alarms: tuple[Alarm, ...]
    conditions: tuple[RankedCondition, ...]
    localization: tuple[Site, ...]
    ask_next: tuple[Question, ...]
    together: Together | None = None
    version: dict[str, str] = field(default_factory=dict)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """IRIs of the red flags and of the published figures in it, each once."""
        figures = (i for c in self.conditions for e in c.evidence for i in e.statistics)
        return tuple(dict.fromkeys((*(a.id for a in self.alarms), *figures)))

    def __repr__(self) -> str:
        top = ", ".join(f"{c.label} {c.probability:.0%}" for c in self.conditions[:3]) or "no condition fits"
        return f"<Answer {self.urgency}: {top}; {len(self.findings)} findings, {len(self.unmatched)} not understood>"

    def _repr_html_(self) -> str:
        from kg.show.as_html import answer_html

        return answer_html(self)

    def __str__(self) -> str:
        from kg.show.as_text import answer_text

        return answer_text(self)


@dataclass(frozen=True, slots=True)
class Path:
    """One chain from a thing to another.

    Attributes:
        cost: lower is better; grows with length and with hubs that everything shares.
    """

    links: tuple[Link, ...]
    cost: float

    def __str__(self) -> str:
        return "; ".join(link.label for link in self.links)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one of several compared conditions says of one finding.

    Attributes:
        likelihood: P(finding | condition) used.
        log10_lr: log10 of how many times likelier the finding is in this condition than in the others on average.
        known: False where the graph says nothing of the pair and chance alone speaks.
    """

    likelihood: float
    log10_lr: float
    effect: Effect
    kind: Basis
    known: bool
    statistics: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    paths: tuple[tuple[Link, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """A finding that tells compared conditions apart.

    Attributes:
        bits: expected information about which of the conditions it is, all being equally likely beforehand.
        cells: one for each condition, in their order.
    """

    finding: Name
    bits: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything `compare` has to say.

    Attributes:
        alike: pairs that no finding of the graph tells apart.
    """

    conditions: tuple[Name, ...]
    rows: tuple[Telling, ...]
    alike: tuple[tuple[Name, Name], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One link of a thing as the graph has it.

    Attributes:
        main: no source calls the link minor or variable.
        entailed: it follows from others and nobody wrote it down.
        sources: citations of those who say so.
    """

    predicate: str
    object: str
    main: bool
    entailed: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Links of things, for questions about them. Two are equal only if they are the same object.

    Attributes:
        of: subject → its links.
        kinds: identifier → class.
        sources: identifier → citations that its description as a whole rests on.
    """

    of: Mapping[str, tuple[Fact, ...]]
    kinds: Mapping[str, str]
    sources: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose from."""

    id: str
    label: str
    right: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A finding of a case as it is revealed.

    Attributes:
        alarms: red flags met so far.
        beliefs: the model's belief in each choice so far, 0 to 1, in the order of the choices.
    """

    finding: str
    status: Status
    alarms: tuple[Alarm, ...]
    beliefs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question with its answers, of which exactly one is right by the graph.

    Attributes:
        id: made of the slugs of the things asked about; the same in every release that holds them.
        about: the things asked about.
        shown: what is told beforehand: links of a chain, or the age and sex of a person.
        explanation: why the right answer is right, in words.
        paths: the same as chains of triples.
        statistics: IRIs of the `bl:Statistic` nodes used.
        sources: citations of the links and figures used.
        steps: a case, finding by finding; empty for other levels.
        reasons: a case: what each choice has for and against it, in the order of the choices.
        published: a case: where it was published; empty where it was drawn from the graph.
    """

    id: str
    level: Level
    topic: str
    text: str
    about: tuple[Name, ...]
    choices: tuple[Choice, ...]
    explanation: str
    shown: tuple[str, ...] = ()
    paths: tuple[tuple[Link, ...], ...] = ()
    statistics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    reasons: tuple[tuple[Evidence, ...], ...] = ()
    published: str = ""

    @property
    def right(self) -> Choice:
        """The right answer."""
        return next(c for c in self.choices if c.right)


@dataclass(frozen=True, slots=True)
class Card:
    """A flash card; question, answer, why and sources are HTML.

    Attributes:
        guid: what the card is known by in every release.
    """

    guid: str
    question: str
    answer: str
    why: str
    sources: str
    tags: tuple[str, ...]
