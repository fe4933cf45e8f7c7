"""A case on disk becomes the right `Case`, or a `BadCase`, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import BadCase
from kg.model import Case
from kg.plain import clean
from kg.read.case import MAX_FINDINGS, MAX_TEXT, make_case, read_case

PACKET: dict[str, Any] = {
    "id": "packet-1",
    "subject": {"id": "p1", "timeAtLastEncounter": {"age": {"iso8601duration": "P58Y3M"}}, "sex": "FEMALE"},
    "phenotypicFeatures": [
        {"type": {"id": "HP:0003418", "label": "Back pain"}},
        {"type": {"id": "HP:0001945", "label": "Fever"}, "excluded": True},
        {"type": {"id": "HP:0009830", "label": "Numb foot"}, "excluded": False},
    ],
    "metaData": {"created": "2024-01-01T00:00:00Z", "phenopacketSchemaVersion": "2.0"},
}


def read(data: object) -> Case:
    """Read a case from what JSON would hold."""
    return read_case(json.dumps(data), "here")


# Plain


def test_a_plain_case_is_read_whole() -> None:
    data = {"id": "a", "age": 58, "sex": "male", "present": ["numb foot", " weak toe "], "absent": ["fever"], "x": 1}
    assert read(data) == Case(("numb foot", "weak toe"), ("fever",), 58, "male", "a")


@pytest.mark.parametrize(
    ("data", "case"),
    [
        ({"present": ["numb foot"]}, Case(("numb foot",))),
        ({"absent": ["fever"]}, Case((), ("fever",))),
        ({"present": ["numb foot"], "absent": None, "age": None, "sex": None}, Case(("numb foot",))),
        ({"present": ["numb foot"], "age": 0}, Case(("numb foot",), age=0)),
        ({"present": ["numb foot"], "age": 120}, Case(("numb foot",), age=120)),
        ({"present": ["numb foot"], "age": 58.9}, Case(("numb foot",), age=58)),
        ({"present": ["numb foot", "", "  "]}, Case(("numb foot",))),
        ({"present": ["numb foot"] * MAX_FINDINGS}, Case(("numb foot",) * MAX_FINDINGS)),
        ({"present": ["x" * MAX_TEXT]}, Case(("x" * MAX_TEXT,))),
        ({"present": ["numb foot"], "id": 7}, Case(("numb foot",), id="7")),
    ],
)
def test_what_may_be_left_out_or_lie_at_the_edge(data: dict[str, Any], case: Case) -> None:
    assert read(data) == case


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"present": ["numb foot"] * MAX_FINDINGS, "absent": ["fever"]}, "501"),
        ({"present": ["x" * (MAX_TEXT + 1)]}, "longer"),
        ({"present": ["numb foot"], "age": 121}, "121"),
        ({"present": ["numb foot"], "age": "58"}, "'58'"),
        ({"present": ["numb foot"], "sex": "Male"}, "Male"),
        ({"present": [["numb foot"]]}, "present"),
        ({"present": [" "]}, "no finding"),
        ({"present": []}, "no finding"),
        ({"present": {"a": 1}}, "present"),
        ({"present": ["numb foot"], "age": -1}, "-1"),
        ({"present": ["numb foot"], "age": True}, "True"),
        ({"present": ["numb foot"], "sex": ["male"]}, "male"),
    ],
)
def test_what_is_out_of_bounds_is_named(data: dict[str, Any], named: str) -> None:
    with pytest.raises(BadCase, match=named) as caught:
        read(data)
    assert str(caught.value).startswith("here: ")


def test_malformed_json_is_named_by_line_and_column() -> None:
    with pytest.raises(BadCase, match=r"^here:2: .* column 12\.$"):
        read_case('{\n"present": oops}', "here")


def test_an_oversized_text_is_refused_unparsed() -> None:
    with pytest.raises(BadCase, match="5 MB"):
        read_case("x" * 5_000_001, "here")


def test_a_made_case_is_checked_alike() -> None:
    assert make_case(("a ",), (), 5, None, "here") == Case(("a",), age=5)
    with pytest.raises(BadCase, match="age"):
        make_case(("a",), (), True, None, "here")


# Phenopackets


def test_a_phenopacket_is_read_whole() -> None:
    # Terms go through the mappings where identifier and label agree; elsewhere the label stands.
    assert read(PACKET) == Case(("back pain", "Numb foot"), ("fever",), 58, "female", "packet-1")


def test_a_phenopacket_may_use_the_names_of_protobuf() -> None:
    subject = {"time_at_last_encounter": {"age": {"iso8601duration": "P7Y"}}, "sex": "MALE"}
    data = {"id": "p", "subject": subject, "phenotypic_features": [{"type": {"label": "Back pain"}}]}
    assert read(data) == Case(("Back pain",), (), 7, "male", "p")


@pytest.mark.parametrize(
    ("duration", "age"), [("P58Y", 58), ("P58Y3M2D", 58), ("P0Y", 0), ("P9M", None), ("", None), ("58", None)]
)
def test_age_is_whole_years_of_a_duration(duration: str, age: int | None) -> None:
    subject = {"timeAtLastEncounter": {"age": {"iso8601duration": duration}}}
    assert read(PACKET | {"subject": subject}).age == age


@pytest.mark.parametrize(
    ("sex", "found"),
    [("FEMALE", "female"), ("MALE", "male"), ("UNKNOWN_SEX", None), ("OTHER_SEX", None), (None, None), (5, None)],
)
def test_sex_is_taken_where_it_is_one_of_two(sex: object, found: str | None) -> None:
    assert read(PACKET | {"subject": {"sex": sex}}).sex == found


@pytest.mark.parametrize("subject", [None, {}, {"timeAtLastEncounter": None}, {"timeAtLastEncounter": {"age": 5}}])
def test_a_phenopacket_needs_no_age_or_sex(subject: object) -> None:
    case = read(PACKET | {"subject": subject})
    assert (case.age, case.sex) == (None, None)


def test_a_feature_without_label_goes_by_its_identifier_through_the_mappings() -> None:
    assert read({"phenotypicFeatures": [{"type": {"id": "HP:0003418"}}]}).present == ("back pain",)


@pytest.mark.parametrize(
    "change",
    [
        {"phenotypicFeatures": [{}]},
        {"phenotypicFeatures": [{"type": {}}]},
        {"phenotypicFeatures": [None]},
        {"phenotypicFeatures": {"type": {"label": "x"}}},
        {"phenotypicFeatures": []},
        {"subject": [1]},
        {"subject": {"timeAtLastEncounter": {"age": {"iso8601duration": "P200Y"}}}},
        {"subject": {"timeAtLastEncounter": {"age": {"iso8601duration": f"P{'1' * 5000}Y"}}}},
    ],
)
def test_a_broken_phenopacket_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadCase):
        read(PACKET | change)


# Anything


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
TYPES = VALUES | st.fixed_dictionaries({}, optional={"id": VALUES, "label": VALUES})
FEATURES = VALUES | st.fixed_dictionaries({}, optional={"type": TYPES, "excluded": VALUES})
AGES = VALUES | st.fixed_dictionaries({}, optional={"iso8601duration": VALUES | st.from_regex(r"\AP\d+Y")})
SUBJECTS = VALUES | st.fixed_dictionaries(
    {}, optional={"sex": VALUES, "timeAtLastEncounter": VALUES | st.fixed_dictionaries({}, optional={"age": AGES})}
)
SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "id": VALUES,
        "age": VALUES | st.integers(-5, 130),
        "sex": VALUES | st.sampled_from(["female", "male"]),
        "present": VALUES | st.lists(st.text(max_size=8), max_size=3),
        "absent": VALUES | st.lists(st.text(max_size=8), max_size=3),
        "phenotypicFeatures": VALUES | st.lists(FEATURES, max_size=3),
        "phenotypic_features": VALUES,
        "subject": SUBJECTS,
    },
)


def read_or_refused(text: str) -> None:
    """Reading gives a case within bounds, or raises `BadCase` with one line."""
    try:
        case = read_case(text, "here")
    except BadCase as e:
        refusal = str(e)
    else:
        refusal = ""
        in_bounds(case)
    assert not refusal or (refusal.startswith("here") and "\n" not in refusal)


def in_bounds(case: Case) -> None:
    """The case holds what the program counts on."""
    assert case.present or case.absent
    assert all(t.strip() for t in case.present + case.absent)
    assert case.age is None or 0 <= case.age <= 120
    assert case.sex in (None, "female", "male")


@given(VALUES)
@example({})
def test_any_json_is_a_case_or_a_bad_case(value: object) -> None:
    read_or_refused(json.dumps(value))


@given(SHAPED)
def test_anything_in_the_shape_of_a_case_is_a_case_or_a_bad_case(value: object) -> None:
    read_or_refused(json.dumps(value))


@given(st.text(max_size=60))
@example("1" * 5000)
@example('{"age": ' + "1" * 5000 + ', "present": ["numb foot"]}')
@example('{"id": ' + "[" * 900 + "]" * 900 + ', "present": ["numb foot"]}')
@example('{"age": ' + "[" * 900 + "]" * 900 + ', "present": ["numb foot"]}')
@example('{"sex": ' + '{"a":' * 900 + "1" + "}" * 900 + ', "present": ["numb foot"]}')
@example("[" * 200_000)
@example('{"present": ["\\ud800"]}')
def test_any_text_is_a_case_or_a_bad_case(text: str) -> None:
    read_or_refused(text)


@given(st.lists(st.text(max_size=20).filter(str.strip), min_size=1, max_size=5), st.integers(0, 120))
def test_a_good_case_survives_the_way_through_json(present: list[str], age: int) -> None:
    assert read({"present": present, "age": age}) == Case(tuple(clean(p.strip()) for p in present), age=age)
