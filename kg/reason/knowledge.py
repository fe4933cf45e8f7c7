"""What the reasoning needs of the graph, compiled once into plain frozen tables.

Nothing here knows RDF: identifiers are opaque strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.model import Basis, Urgency

Edge = tuple[str, str, str]


class Finding(NamedTuple):
    """A named finding as a composition.

    Attributes:
        kind: Symptom, Sign, ClinicalTest, LabFinding, HistoryItem or RiskFactor.
        wider: identifiers of all findings that hold whenever this one does, itself left out.
    """

    id: str
    label: str
    kind: str
    qualities: tuple[str, ...]
    sites: tuple[str, ...]
    circumstances: tuple[str, ...]
    wider: frozenset[str]


class Expectation(NamedTuple):
    """How often a condition shows a finding, and why we say so.

    Attributes:
        likelihood: P(finding | condition), 0 to 1.
        chain: asserted triples from condition to finding.
        band: what the editors' frequency band alone would say; None where there is none.
    """

    likelihood: float
    basis: Basis
    statistics: tuple[str, ...]
    chain: tuple[Edge, ...]
    band: float | None = None


class Reach(NamedTuple):
    """How a condition reaches a site through anatomy: the product of link strengths, and the chain walked.

    Attributes:
        measured: the same product with what studies measured in place of the chart's strength; None where no link of
            the chain was measured.
    """

    strength: float
    chain: tuple[Edge, ...]
    measured: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its prior and all it leads one to expect.

    Attributes:
        broader: the conditions and groups it belongs to, nearest first.
    """

    id: str
    label: str
    synonyms: tuple[str, ...]
    broader: tuple[str, ...]
    prior: float
    age_from: int | None
    age_to: int | None
    female_share: float | None
    urgency: Urgency
    expects: Mapping[str, Expectation]
    reaches: Mapping[str, Mapping[str, Reach]]


LATELY = " lately"  # behind the identifier of a finding that is not known to have lasted longer than twelve weeks


class Criterion(NamedTuple):
    """One way to meet a red flag: of each set in `requires` at least one present, and at least `from_age` years old.

    A set may hold a finding with `LATELY` behind its identifier, for one that must be new.
    """

    requires: tuple[tuple[str, ...], ...]
    from_age: int | None


class RedFlag(NamedTuple):
    """A sourced rule over findings."""

    id: str
    label: str
    urgency: Urgency
    action: str
    suggests: tuple[str, ...]
    sources: tuple[str, ...]
    criteria: tuple[Criterion, ...]


class Place(NamedTuple):
    """A structure that a deficit can be localised to, with what it supplies: relation → target → reach."""

    id: str
    label: str
    kind: str
    supplies: Mapping[str, Mapping[str, Reach]]


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """The compiled graph. Two are equal only if they are the same object, so that results can be kept by it.

    Attributes:
        labels: identifier → preferred label, for everything that can stand in a chain.
        through: quality → entailed properties that explain a finding of that quality.
        wider_quality: quality → itself and all wider ones.
        wider_site: site → itself and everything it is part of.
        narrower: finding → all findings that entail it.
        chance: finding → share of people without any condition that explains it who show it all the same.
        relation_likelihood: entailed property → P(finding | reached at strength 1).
        citations: statistic → one line of words with its source.
    """

    labels: Mapping[str, str]
    conditions: tuple[Condition, ...]
    findings: Mapping[str, Finding]
    qualities: Mapping[str, str]
    through: Mapping[str, tuple[str, ...]]
    wider_quality: Mapping[str, frozenset[str]]
    wider_site: Mapping[str, frozenset[str]]
    narrower: Mapping[str, tuple[str, ...]]
    chance: Mapping[str, float]
    relation_likelihood: Mapping[str, float]
    citations: Mapping[str, str]
    red_flags: tuple[RedFlag, ...]
    places: tuple[Place, ...]
    data_version: str
