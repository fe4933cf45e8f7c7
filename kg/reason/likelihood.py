"""One finding × one condition → how likely, on what basis, and by which chain.

The order of trust is: a published figure on this very finding; what anatomy or the editors' frequency band gives,
whichever is higher; a narrower or wider finding's figure; chance. Each number keeps the chain it came from.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.model import Basis
from kg.reason.knowledge import Condition, Edge, Expectation, Knowledge, Reach
from kg.reason.words import Grounded

NARROWING = 0.4  # share of a wider finding's cases that show this narrower one; an estimate
PART_OF_REACHED = 0.75  # for each level between the area of the finding and the area reached; an estimate
UNKNOWN_COMPOSITION = 0.03
NEARLY_NEVER = 0.01  # below this the editors say that a condition does not show the finding


class Likelihood(NamedTuple):
    """P(finding | condition) and where it comes from; `known` is False where only chance speaks."""

    value: float
    basis: Basis
    statistics: tuple[str, ...]
    chains: tuple[tuple[Edge, ...], ...]
    known: bool


def chance_of(finding: Grounded, knowledge: Knowledge) -> float:
    """P(finding | no condition that explains it)."""
    if finding.id is not None:
        return knowledge.chance.get(finding.id, UNKNOWN_COMPOSITION)
    return UNKNOWN_COMPOSITION


def parts_of(finding: Grounded, knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Qualities and sites of a finding, named or composed."""
    named = knowledge.findings.get(finding.id or "")
    return (named.qualities, named.sites) if named else (finding.qualities, finding.sites)


def likelihood(finding: Grounded, condition: Condition, knowledge: Knowledge) -> Likelihood:
    """How likely the condition makes the finding."""
    chance = chance_of(finding, knowledge)
    direct = condition.expects.get(finding.id or "")
    anatomy = _through_anatomy(finding, condition, knowledge)
    if direct is not None and (direct.basis == "published" or direct.likelihood < NEARLY_NEVER):
        return _mixed(_of(direct, 1.0), anatomy, chance)
    candidates = [c for c in (direct and _of(direct, 1.0), anatomy) if c]
    if direct is None:
        candidates += _relatives(finding, condition, knowledge)
    if not candidates:
        return Likelihood(chance, "estimate", (), (), False)
    return _mixed(max(candidates, key=lambda c: (c.value, c.basis == "derived")), anatomy, chance)


def _mixed(best: Likelihood, anatomy: Likelihood | None, chance: float) -> Likelihood:
    """Noisy-or with chance: another cause may show the finding too. A published share holds both already.

    The chain through anatomy goes along whichever number is used: it is why the finding occurs.
    """
    plain = best.basis == "published" or best.value < NEARLY_NEVER
    value = best.value if plain else best.value + (1 - best.value) * chance * 0.5
    through = anatomy.chains if anatomy and best.value >= NEARLY_NEVER else ()
    chains = tuple(c for c in dict.fromkeys((*through, *best.chains)) if c)
    return best._replace(value=min(0.98, max(0.003, value)), chains=chains)


def _of(known: Expectation, share: float) -> Likelihood:
    return Likelihood(known.likelihood * share, known.basis, known.statistics, (known.chain,), True)


def _relatives(finding: Grounded, condition: Condition, knowledge: Knowledge) -> list[Likelihood]:
    """What the condition says of findings that entail this one, or that this one entails."""
    narrower, wider = related(finding, knowledge)
    return [_of(condition.expects[f], 1.0) for f in narrower if f in condition.expects] + [
        _of(condition.expects[f], NARROWING) for f in sorted(wider) if f in condition.expects
    ]


def related(finding: Grounded, knowledge: Knowledge) -> tuple[tuple[str, ...], frozenset[str]]:
    """Named findings that entail this one, and those that it entails."""
    if finding.id is not None:
        record = knowledge.findings.get(finding.id)
        return knowledge.narrower.get(finding.id, ()), record.wider if record else frozenset()
    qualities = {w for q in finding.qualities for w in knowledge.wider_quality.get(q, (q,))}
    sites = {w for s in finding.sites for w in knowledge.wider_site.get(s, (s,))}
    narrower, wider = [], set()
    for named in knowledge.findings.values():
        if not named.qualities or named.circumstances:
            continue
        if _entails(named.qualities, named.sites, finding, knowledge):
            narrower.append(named.id)
        elif named.sites and qualities.issuperset(named.qualities) and sites.issuperset(named.sites):
            wider.add(named.id)
    return tuple(sorted(narrower)), frozenset(wider)


def _entails(qualities: tuple[str, ...], sites: tuple[str, ...], finding: Grounded, knowledge: Knowledge) -> bool:
    have_q = {w for q in qualities for w in knowledge.wider_quality.get(q, (q,))}
    have_s = {w for s in sites for w in knowledge.wider_site.get(s, (s,))}
    return have_q.issuperset(finding.qualities) and have_s.issuperset(finding.sites)


def _through_anatomy(finding: Grounded, condition: Condition, knowledge: Knowledge) -> Likelihood | None:
    qualities, sites = parts_of(finding, knowledge)
    if finding.id is not None and knowledge.findings[finding.id].kind == "ClinicalTest":
        return _reached(
            (finding.id,), ("https://w3id.org/backleg-pain/ontology#canMakePositive",), condition, knowledge
        )
    wider = [w for q in qualities for w in sorted(knowledge.wider_quality.get(q, (q,)))]
    relations = tuple(dict.fromkeys(r for w in wider for r in knowledge.through.get(w, ())))
    return _reached(sites, relations, condition, knowledge) if relations and sites else None


def _reached(
    sites: tuple[str, ...], relations: tuple[str, ...], condition: Condition, knowledge: Knowledge
) -> Likelihood | None:
    best: tuple[float, Reach] | None = None
    for relation in relations:
        base = knowledge.relation_likelihood.get(relation, 0.0)
        for target, reach in condition.reaches.get(relation, {}).items():
            for site in sites:
                fit = overlap(site, target, knowledge)
                if fit and (best is None or base * reach.strength * fit > best[0]):
                    best = (base * reach.strength * fit, reach)
    return Likelihood(best[0], "derived", (), (best[1].chain,), True) if best else None


def overlap(site: str, target: str, knowledge: Knowledge) -> float:
    """How well a finding at `site` fits a lesion that reaches `target`.

    1 where they are the same, less with each level that lies between part and whole, 0 where they are apart.
    """
    if site == target:
        return 1.0
    around_site, around_target = (
        knowledge.wider_site.get(site, frozenset()),
        knowledge.wider_site.get(target, frozenset()),
    )
    if target in around_site or site in around_target:
        return float(PART_OF_REACHED ** abs(len(around_site) - len(around_target)))
    return 0.0
