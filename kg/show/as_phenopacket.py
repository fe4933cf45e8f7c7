"""A case → GA4GH Phenopacket v2: what was understood, in terms of the Human Phenotype Ontology where it has them.

A present finding may stand under a broader term, because whoever has the narrower has the broader; our own, precise
term is then a modifier. An excluded finding may not: who has no pain in the calf may have pain. So it stands under an
equal term or under our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kg.model import Answer, Match, Name

OWN = "backleg"
OWN_BASE = "https://w3id.org/backleg-pain/id/"
HPO = "http://purl.obolibrary.org/obo/HP_"
SAME = ("exactMatch", "closeMatch")
SIDES = {"right": ("HP:0012834", "Right"), "left": ("HP:0012835", "Left"), "both": ("HP:0012832", "Bilateral")}
SEX = {"female": "FEMALE", "male": "MALE", None: "UNKNOWN_SEX"}


class Term(Protocol):
    """A thing in another vocabulary, as `kg.read.mappings` has it."""

    @property
    def object(self) -> str:
        """Its CURIE."""

    @property
    def label(self) -> str:
        """Its label there."""

    @property
    def relation(self) -> str:
        """Such as exactMatch."""

    @property
    def version(self) -> str:
        """Release of the vocabulary."""


def phenopacket(
    answer: Answer, mapped: Mapping[str, Sequence[Term]], created: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The packet, JSON-ready, and the phrases that no term fits.

    Args:
        mapped: thing → its mappings.
    """
    features: list[dict[str, Any]] = []
    left_out = list(answer.unmatched)
    for match in answer.findings:
        found = _features(match, mapped)
        features += found
        left_out += [] if found else [match.text]
    case = answer.case
    name = case.id or "case"
    subject: dict[str, Any] = {"id": name, "sex": SEX[case.sex]}
    if case.age is not None:
        subject["timeAtLastEncounter"] = {"age": {"iso8601duration": f"P{case.age}Y"}}
    version = next((m.version for ms in mapped.values() for m in ms if m.object.startswith("HP:")), "")
    meta = {
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "createdBy": f"backleg-kg {answer.version.get('package', '')}".strip(),
        "resources": _resources(version, answer.version.get("data", "")),
        "phenopacketSchemaVersion": "2.0",
    }
    return {"id": name, "subject": subject, "phenotypicFeatures": features, "metaData": meta}, tuple(left_out)


def _features(match: Match, mapped: Mapping[str, Sequence[Term]]) -> list[dict[str, Any]]:
    excluded = match.status == "absent"
    parts = match.how == "composed" and len(match.matched) > 1
    if parts and excluded:
        return []  # without its site the quality would be excluded as a whole
    groups = [match.matched] if parts else [(n,) for n in match.matched]
    return [_feature(match, group, mapped, excluded) for group in groups]


def _feature(
    match: Match, group: Sequence[Name], mapped: Mapping[str, Sequence[Term]], excluded: bool
) -> dict[str, Any]:
    own = [_own(n) for n in group]
    terms = [m for m in mapped.get(group[0].id, ()) if m.object.startswith("HP:")]
    same = next((m for relation in SAME for m in terms if m.relation == relation), None)
    wider = None if excluded else next((m for m in terms if m.relation == "broadMatch"), None)
    chosen = same or wider
    modifiers = own if chosen and (len(group) > 1 or chosen is wider) else own[1:]
    if match.side in SIDES:
        modifiers = [*modifiers, dict(zip(("id", "label"), SIDES[match.side], strict=True))]
    kind = {"id": chosen.object, "label": chosen.label} if chosen else own[0]
    out: dict[str, Any] = {"type": kind, "description": match.text}
    if excluded:
        out["excluded"] = True
    return out | ({"modifiers": modifiers} if modifiers else {})


def _own(name: Name) -> dict[str, str]:
    return {"id": f"{OWN}:{name.id.removeprefix(OWN_BASE)}", "label": name.label}


def _resources(hpo: str, data: str) -> list[dict[str, str]]:
    return [
        {
            "id": "hp",
            "name": "Human Phenotype Ontology",
            "url": "http://purl.obolibrary.org/obo/hp.owl",
            "version": hpo,
            "namespacePrefix": "HP",
            "iriPrefix": HPO,
        },
        {
            "id": "backleg-pain",
            "name": "Back–Leg Pain Knowledge Graph",
            "url": "https://w3id.org/backleg-pain/ontology",
            "version": data,
            "namespacePrefix": OWN,
            "iriPrefix": OWN_BASE,
        },
    ]
