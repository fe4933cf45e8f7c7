"""A case on disk or on standard input → a `Case`. Plain JSON or a GA4GH Phenopacket v2."""

from __future__ import annotations

import json
import re
from typing import Any

from kg.errors import BadCase
from kg.model import Case
from kg.plain import clean

MAX_FINDINGS = 500
MAX_TEXT = 5_000
MAX_BYTES = 5_000_000
# Modifiers of the HPO that say on which side.
SIDES = {"HP:0012834": " on the right", "HP:0012835": " on the left", "HP:0012832": " on both sides"}


def read_case(text: str, where: str) -> Case:
    """Parse one case.

    Args:
        text: the JSON.
        where: what to call the input in a message.

    Raises:
        BadCase: not JSON, of the wrong shape, or out of bounds.

    >>> read_case('{"age": 58, "present": ["numb foot"]}', "example").present
    ('numb foot',)
    """
    if len(text) > MAX_BYTES:
        raise BadCase(f"{where}: larger than {MAX_BYTES // 1_000_000} MB; a case is a few lines of JSON.")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        raise BadCase(f"{where}:{e.lineno}: not valid JSON: {e.msg} at column {e.colno}.") from e
    except RecursionError as e:
        raise BadCase(f"{where}: nested too deeply to be a case.") from e
    except ValueError as e:  # a number of thousands of digits
        raise BadCase(f"{where}: a number in it is too long to be read.") from e
    if not isinstance(data, dict):
        raise BadCase(f'{where}: a case is a JSON object such as {{"age": 58, "present": ["numb foot"]}}.')
    return (
        _from_phenopacket(data, where)
        if "phenotypicFeatures" in data or "phenotypic_features" in data
        else _from_plain(data, where)
    )


def make_case(
    present: tuple[str, ...],
    absent: tuple[str, ...],
    age: object,
    sex: object,
    where: str,
    case_id: str | None = None,
) -> Case:
    """A checked case.

    Raises:
        BadCase: no finding, too many, or an age or sex out of bounds.
    """
    present, absent = (tuple(clean(t.strip()) for t in texts if t.strip()) for texts in (present, absent))
    if not present and not absent:
        raise BadCase(f'{where}: no finding. Give at least one, such as "numb top of the foot".')
    if len(present) + len(absent) > MAX_FINDINGS:
        raise BadCase(
            f"{where}: {len(present) + len(absent):,} findings; at most {MAX_FINDINGS} make sense in one case."
        )
    if any(len(t) > MAX_TEXT for t in present + absent):
        raise BadCase(f"{where}: a finding is longer than {MAX_TEXT:,} characters; give one finding a phrase.")
    if age is not None and (isinstance(age, bool) or not isinstance(age, int | float) or not 0 <= age <= 120):
        raise BadCase(f"{where}: age must be a number of years from 0 to 120, not {_brief(age)}.")
    if sex is not None and sex not in ("female", "male"):
        raise BadCase(f'{where}: sex must be "female" or "male", not {_brief(sex)}.')
    return Case(
        present,
        absent,
        None if age is None else int(age),
        sex,
        case_id,
    )


def _brief(value: object) -> str:
    try:
        return repr(value)[:40]
    except (RecursionError, ValueError):
        return "that"


def _from_plain(data: dict[str, Any], where: str) -> Case:
    texts = {}
    for key in ("present", "absent"):
        value = data.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise BadCase(f"{where}: “{key}” must be a list of phrases.")
        texts[key] = tuple(value)
    return make_case(texts["present"], texts["absent"], data.get("age"), data.get("sex"), where, _text(data.get("id")))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _from_phenopacket(data: dict[str, Any], where: str) -> Case:
    features = data.get("phenotypicFeatures") or data.get("phenotypic_features") or []
    subject = data.get("subject") or {}
    if not isinstance(features, list) or not isinstance(subject, dict):
        raise BadCase(f"{where}: a phenopacket needs a list of phenotypicFeatures and a subject.")
    texts: dict[bool, list[str]] = {False: [], True: []}
    for feature in features:
        kind = feature.get("type") if isinstance(feature, dict) else None
        if not isinstance(kind, dict) or not isinstance(kind.get("label") or kind.get("id"), str):
            raise BadCase(f"{where}: each phenotypic feature needs a type with id and label.")
        texts[bool(feature.get("excluded"))].append(_phrase(feature, kind))
    sex = {"FEMALE": "female", "MALE": "male"}.get(str(subject.get("sex", "")).upper())
    return make_case(tuple(texts[False]), tuple(texts[True]), _age(subject), sex, where, _text(data.get("id")))


def _phrase(feature: dict[str, Any], kind: dict[str, Any]) -> str:
    """A phenotypic feature in words.

    Our own terms come first, as `kg export phenopacket` writes them; then what the mappings make of the term, if its
    label says that the term is meant; then the label.
    """
    from kg.read.mappings import things_of_terms
    from kg.read.names import OWN_PREFIX

    modifiers = feature.get("modifiers")
    said = [m for m in modifiers if isinstance(m, dict)] if isinstance(modifiers, list) else []
    side = next((SIDES[str(m.get("id"))] for m in said if str(m.get("id")) in SIDES), "")
    own = [m["label"] for m in said if str(m.get("id")).startswith(OWN_PREFIX) and isinstance(m.get("label"), str)]
    label, known = kind.get("label"), things_of_terms().get(str(kind.get("id")))
    own = [label, *own] if label and str(kind.get("id")).startswith(OWN_PREFIX) else own
    if own:
        return " of ".join(own) + side
    if known and (not label or label.casefold() == known[0].casefold()):
        return known[1] + side
    return (label or str(kind["id"])) + side


def _age(subject: dict[str, Any]) -> int | None:
    """Years out of an ISO 8601 duration such as P58Y3M."""
    last = subject.get("timeAtLastEncounter") or subject.get("time_at_last_encounter") or {}
    age = last.get("age") if isinstance(last, dict) else None
    text = age.get("iso8601duration", "") if isinstance(age, dict) else ""
    found = re.match(r"P(\d+)Y", str(text))
    return int(found[1][:6]) if found else None
