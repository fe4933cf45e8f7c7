"""The graph → the tables that the reasoning works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import prod
from statistics import median

from kg.model import Urgency
from kg.read.entail import TYPE, Edge
from kg.read.graph import SOURCE, Graph, citation, required_sets, short_citation, statistic_sentence
from kg.read.names import BL, ID, SKOS
from kg.reason.knowledge import (
    LATELY,
    Condition,
    Criterion,
    Expectation,
    Finding,
    Knowledge,
    Place,
    Reach,
    RedFlag,
)

BROADER = SKOS + "broader"
ALT = SKOS + "altLabel"
URGENCY: dict[str, Urgency] = {
    BL + "emergency": "emergency",
    BL + "sameDay": "same_day",
    BL + "soon": "soon",
    BL + "routine": "routine",
}
CIRCUMSTANCES = ("worseWith", "betterWith", "hasCourse")
REPORTED = ("aggravatedBy", "relievedBy", "hasTypicalCourse")
PLACES = (
    "NerveRoot",
    "Nerve",
    "Plexus",
    "NeuralTissue",
    "Muscle",
    "Joint",
    "Organ",
    "Vessel",
    "SoftTissue",
    "Bone",
)
SUPPLIES = (
    "suppliesSkinArea",
    "suppliesMuscle",
    "testedByMovement",
    "mediatesReflex",
    "suppliesOrgan",
    "refersPainTo",
    "liesIn",
    "suppliesBloodTo",
    "stressedBy",
    "lesionShownBy",
)
FOUND_IN = ("sensitivity", "frequency")
DEFAULT_PRIOR = 0.003
# Who shows a finding without any known cause: wide bounds for what no study gives. Estimates.
CHANCE = {"HistoryItem": (0.03, 0.25, 0.8), "RiskFactor": (0.03, 0.25, 0.8)}
CHANCE_OTHER = (0.004, 0.12, 0.3)
CHANCE_NORMAL = 0.5  # what is as in healthy people is found in at least half of them and reported; an estimate


def compile_knowledge(graph: Graph, data_version: str) -> Knowledge:
    """Build all tables."""
    findings = _findings(graph)
    ids = graph.members.get(BL + "Condition", ())
    wider = {c: _nearest_first(graph, c, BROADER) for c in ids}
    numbers = _numbers(graph)
    priors = {c: _prior(graph, c, numbers) for c in ids}
    estimates = {c: _estimates(graph, c, numbers) for c in ids}
    statistics = _statistics(graph)
    chance = _chance(findings, estimates, priors, statistics)
    chance |= dict.fromkeys(graph.members.get(BL + "NormalFinding", ()), CHANCE_NORMAL)
    conditions = tuple(
        _condition(
            graph,
            c,
            priors[c],
            wider[c],
            _expects(c, wider[c], estimates[c], statistics, chance, graph),
            numbers,
        )
        for c in ids
    )
    return Knowledge(
        labels=_labels(graph),
        conditions=conditions,
        findings=findings,
        qualities={q: graph.label(q) for q in graph.members.get(BL + "Quality", ())},
        through={q: graph.all(q, BL + "derivedThrough") for q in graph.members.get(BL + "Quality", ())},
        wider_quality={q: frozenset({q} | _climb(graph, q, BROADER)) for q in graph.members.get(BL + "Quality", ())},
        wider_site={
            s: frozenset({s, *graph.held.get((s, BL + "partOf"), ())})
            for cls in ("Structure", "Movement", "Reflex")
            for s in graph.members.get(BL + cls, ())
        },
        narrower=_narrower(findings),
        chance=chance,
        relation_likelihood={p: n for p, n in numbers.items() if p.startswith(BL + "can")},
        citations={
            s: f"{statistic_sentence(graph, s)} [{'; '.join(short_citation(graph, x) for x in graph.all(s, SOURCE))}; "
            f"{graph.one(s, BL + 'population')}]"
            for s in graph.members.get(BL + "Statistic", ())
        },
        red_flags=_red_flags(graph),
        places=_places(graph),
        data_version=data_version,
    )


def _labels(graph: Graph) -> dict[str, str]:
    nodes = {n for edge in graph.closure.strength for n in edge}
    return {n: graph.label(n) for n in nodes if n.startswith((ID, BL, SKOS)) and not n.startswith("_:")}


def _numbers(graph: Graph) -> dict[str, float]:
    key = BL + "estimatedFrequency"
    return {s: float(graph.one(s, key) or 0) for s, links in graph.objects.items() if key in links}


def _climb(graph: Graph, node: str, predicate: str) -> frozenset[str]:
    return frozenset(_nearest_first(graph, node, predicate))


def _nearest_first(graph: Graph, node: str, predicate: str) -> tuple[str, ...]:
    """Everything that follows a node along a predicate, by the number of steps to it."""
    found = [node]
    for step in found:  # grows while it is walked
        found += [wider for wider in graph.all(step, predicate) if wider not in found]
    return tuple(found[1:])


def _prior(graph: Graph, condition: str, numbers: Mapping[str, float]) -> float:
    return numbers.get(graph.one(condition, BL + "hasPrevalenceBand") or "", DEFAULT_PRIOR)


# ------------------------------------------------------------------ findings


def _findings(graph: Graph) -> dict[str, Finding]:
    raw: dict[str, Finding] = {}
    for f in graph.members.get(BL + "Finding", ()):
        around = tuple(f"{p} {c}" for p in CIRCUMSTANCES for c in graph.all(f, BL + p))
        raw[f] = Finding(
            f,
            graph.label(f),
            graph.kind(f),
            graph.all(f, BL + "quality"),
            graph.all(f, BL + "site"),
            around,
            frozenset(),
        )
    quality = {q: {q} | _climb(graph, q, BROADER) for q in graph.members.get(BL + "Quality", ())}
    stated = {f: _climb(graph, f, BROADER) for f in raw}
    wider = {f: set(stated[f]) for f in raw}
    composed = [f for f in raw.values() if f.qualities and (f.sites or f.circumstances)]
    for narrow in composed:
        qualities = {w for q in narrow.qualities for w in quality.get(q, {q})}
        sites = {w for s in narrow.sites for w in (s, *graph.held.get((s, BL + "partOf"), ()))}
        for wide in composed:
            if wide is not narrow and _composes(wide, qualities, sites, narrow.circumstances):
                wider[narrow.id].add(wide.id)
    # What is stated and what is composed feed each other; two rounds reach every chain that occurs.
    for _ in range(2):
        for f, above in wider.items():
            above |= {w for a in tuple(above) for w in wider.get(a, ())}
            above.discard(f)
    return {
        f: record._replace(wider=frozenset(w for w in wider[f] if f not in wider.get(w, ())))
        for f, record in raw.items()
    }


def _composes(wide: Finding, qualities: set[str], sites: set[str], circumstances: tuple[str, ...]) -> bool:
    return (
        all(q in qualities for q in wide.qualities)
        and all(s in sites for s in wide.sites)
        and all(c in circumstances for c in wide.circumstances)
    )


def _narrower(findings: Mapping[str, Finding]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = defaultdict(list)
    for f, record in findings.items():
        for wide in record.wider:
            out[wide].append(f)
    return {k: tuple(sorted(v)) for k, v in out.items()}


# ------------------------------------------------------------------ what a condition leads one to expect

Estimates = Mapping[str, tuple[float, tuple[Edge, ...]]]
Statistics = Mapping[tuple[str, str], Mapping[str, tuple[tuple[str, float], ...]]]


def _estimates(graph: Graph, condition: str, numbers: Mapping[str, float]) -> Estimates:
    """Finding → (frequency band as a number, chain); what a condition says itself goes before what it inherits."""
    best: dict[str, tuple[int, float, tuple[Edge, ...]]] = {}

    def offer(finding: str, number: float, chain: tuple[Edge, ...]) -> None:
        if finding not in best or (len(chain), -number) < (best[finding][0], -best[finding][1]):
            best[finding] = (len(chain), number, chain)

    for predicate in (p for p in numbers if p.startswith((BL + "has", BL + "speaks"))):
        for finding in graph.held.get((condition, predicate), ()):
            offer(finding, numbers[predicate], graph.closure.chain((condition, predicate, finding)))
    for predicate, report in zip(REPORTED, CIRCUMSTANCES, strict=True):
        for around in graph.held.get((condition, BL + predicate), ()):
            chain = graph.closure.chain((condition, BL + predicate, around))
            for finding in graph.held.get((around, _inverse(report)), ()):
                offer(finding, numbers[BL + predicate], (*chain, (finding, BL + report, around)))
    return {f: (number, chain) for f, (_, number, chain) in best.items() if not _is_circumstance(graph, f)}


def _inverse(report: str) -> str:
    return (
        BL
        + {
            "worseWith": "aggravationReportedAs",
            "betterWith": "reliefReportedAs",
            "hasCourse": "courseReportedAs",
        }[report]
    )


def _is_circumstance(graph: Graph, node: str) -> bool:
    return BL + "Circumstance" in graph.all(node, TYPE)


def _statistics(graph: Graph) -> Statistics:
    out: dict[tuple[str, str], dict[str, list[tuple[str, float]]]] = defaultdict(lambda: defaultdict(list))
    for node in graph.members.get(BL + "Statistic", ()):
        condition, finding, measure, value = (
            graph.one(node, BL + p) for p in ("aboutCondition", "aboutFinding", "measure", "value")
        )
        if condition and finding and measure and value:
            out[condition, finding][measure.removeprefix(BL)].append((node, float(value)))
    return {k: {m: tuple(v) for m, v in ms.items()} for k, ms in out.items()}


def _chance(
    findings: Mapping[str, Finding],
    estimates: Mapping[str, Estimates],
    priors: Mapping[str, float],
    statistics: Statistics,
) -> dict[str, float]:
    """Finding → share of people who show it though nothing known explains it."""
    false_positives: dict[str, list[float]] = defaultdict(list)
    for (_, finding), measures in statistics.items():
        # Only for bedside tests: specificities of symptoms come from people already suspected of one condition.
        if finding in findings and findings[finding].kind == "ClinicalTest":
            false_positives[finding] += [1 - value for _, value in measures.get("specificity", ())]
    total = sum(priors.values()) or 1.0
    out = {}
    for f, record in findings.items():
        low, high, share = CHANCE.get(record.kind, CHANCE_OTHER)
        common = sum(priors[c] * known[f][0] for c, known in estimates.items() if f in known) / total
        measured = false_positives.get(f)
        out[f] = min(0.5, max(0.01, median(measured))) if measured else min(high, max(low, share * common))
    return out


def _expects(
    condition: str,
    broader: Sequence[str],
    estimates: Estimates,
    statistics: Statistics,
    chance: Mapping[str, float],
    graph: Graph,
) -> dict[str, Expectation]:
    out = {f: Expectation(number, "estimate", (), chain, number) for f, (number, chain) in estimates.items()}
    for holder in (*sorted(broader), condition):  # its own figures come last and win
        for (c, finding), measures in statistics.items():
            if c == holder and finding in chance:
                before = out.get(finding)
                if holder != condition and before is not None and len(before.chain) == 1:
                    continue  # what the condition says of itself goes before a wider condition's figure
                found = _published(measures, chance[finding], before.likelihood if before else 0.0)
                if found:
                    number, used = found
                    chain = _chain_to(graph, condition, finding, before)
                    out[finding] = Expectation(number, "published", used, chain, before.band if before else None)
    return out


def _chain_to(graph: Graph, condition: str, finding: str, before: Expectation | None) -> tuple[Edge, ...]:
    if before is not None and before.chain:
        return before.chain
    return (
        graph.closure.chain((condition, BL + "hasFinding", finding))
        if (condition, BL + "hasFinding", finding) in graph.closure.strength
        else ()
    )


def _published(
    measures: Mapping[str, tuple[tuple[str, float], ...]], chance: float, band: float
) -> tuple[float, tuple[str, ...]] | None:
    """P(finding | condition) from published figures, and the figures used; None where they do not tell.

    Shares come first. A likelihood ratio is turned into a share with the chance of the finding elsewhere,
    P(f|c) = LR · P(f|not c), an odds ratio with p = OR·q / (1 − q + OR·q); a ratio says nothing of how common the
    finding is, so a share so derived never falls below the editors' frequency band.
    """
    shares = [item for m in FOUND_IN for item in measures.get(m, ())]
    if shares:
        number = median(v for _, v in shares)
        used = [s for s, _ in shares] + [s for s, _ in measures.get("specificity", ())]
    elif measures.get("positiveLikelihoodRatio"):
        items = measures["positiveLikelihoodRatio"]
        number, used = max(band, median(v for _, v in items) * chance), [s for s, _ in items]
    elif measures.get("oddsRatio"):
        items = measures["oddsRatio"]
        ratio = median(v for _, v in items)
        number, used = max(band, ratio * chance / (1 - chance + ratio * chance)), [s for s, _ in items]
    else:
        return None
    return min(0.98, max(0.005, number)), tuple(used)


def _condition(
    graph: Graph,
    condition: str,
    prior: float,
    broader: tuple[str, ...],
    expects: Mapping[str, Expectation],
    numbers: Mapping[str, float],
) -> Condition:
    reaches: dict[str, dict[str, Reach]] = {}
    for relation in (p for p in numbers if p.startswith(BL + "can")):
        edges = [(condition, relation, site) for site in graph.held.get((condition, relation), ())]
        if edges:
            reaches[relation] = {e[2]: _reach(graph, graph.closure.strength[e], graph.closure.chain(e)) for e in edges}
    age = tuple(graph.one(condition, BL + p) for p in ("typicalAgeFrom", "typicalAgeTo"))
    share = graph.one(condition, BL + "femaleShare")
    return Condition(
        id=condition,
        label=graph.label(condition),
        synonyms=graph.all(condition, ALT),
        broader=broader,
        prior=prior,
        age_from=int(age[0]) if age[0] else None,
        age_to=int(age[1]) if age[1] else None,
        female_share=float(share) if share else None,
        urgency=URGENCY.get(graph.one(condition, BL + "hasUrgency") or "", "routine"),
        expects=dict(expects),
        reaches=reaches,
    )


def _reach(graph: Graph, strength: float, chain: tuple[Edge, ...]) -> Reach:
    shares = [graph.measured(edge) for edge in chain]
    if all(s is None for s in shares):
        return Reach(strength, chain)
    links = [graph.closure.strength[e] if s is None else s for e, s in zip(chain, shares, strict=True)]
    return Reach(strength, chain, prod(links))


# ------------------------------------------------------------------ red flags and places


def _red_flags(graph: Graph) -> tuple[RedFlag, ...]:
    out = []
    for flag in graph.members.get(BL + "RedFlag", ()):
        criteria = tuple(
            Criterion(
                (*required_sets(graph, c), *((f + LATELY,) for f in graph.all(c, BL + "requiresRecent"))),
                int(graph.one(c, BL + "fromAge") or 0) or None,
            )
            for c in graph.all(flag, BL + "hasCriterion")
        )
        out.append(
            RedFlag(
                flag,
                graph.label(flag),
                URGENCY.get(graph.one(flag, BL + "hasUrgency") or "", "same_day"),
                graph.one(flag, BL + "action") or "",
                graph.all(flag, BL + "suggests"),
                tuple(citation(graph, s) for s in graph.all(flag, SOURCE)),
                criteria,
            )
        )
    return tuple(out)


def _places(graph: Graph) -> tuple[Place, ...]:
    out = []
    for kind in PLACES:
        for place in graph.members.get(BL + kind, ()):
            supplies = _supplies(graph, place)
            if supplies:
                out.append(Place(place, graph.label(place), kind, supplies))
    return tuple(out)


def _supplies(graph: Graph, place: str) -> dict[str, dict[str, Reach]]:
    """What a lesion of the place takes away: its own supply, and that of its branches and the roots it holds."""
    out: dict[str, dict[str, Reach]] = defaultdict(dict)

    def offer(relation: str, target: str, strength: float, chain: Iterable[Edge]) -> None:
        known = out[relation].get(target)
        if known is None or strength > known.strength:
            out[relation][target] = _reach(graph, strength, tuple(chain))

    holders = [(place, ())] + [
        (r, ((place, BL + "containsRoot", r),)) for r in graph.held.get((place, BL + "containsRoot"), ())
    ]
    for holder, before in holders:
        for relation in SUPPLIES:
            for target in graph.held.get((holder, BL + relation), ()):
                edge = (holder, BL + relation, target)
                strength, chain = graph.closure.strength[edge], (*before, *graph.closure.chain(edge))
                offer(relation, target, strength, chain)
                if relation == "suppliesMuscle":
                    for movement in graph.held.get((target, BL + "performsMovement"), ()):
                        last = (target, BL + "performsMovement", movement)
                        offer(
                            "testedByMovement",
                            movement,
                            strength * graph.closure.strength[last],
                            (*chain, last),
                        )
    return dict(out)
