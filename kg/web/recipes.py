"""The recipe of a page: the same answer as a sentence, a `kg` line, a Python line, a SPARQL query, and its sources."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kg.read.names import BL, ID, shorten
from kg.read.sparql import with_prefixes
from kg.web.asked import Asked

MOST_LINKS = 60
MOST_SOURCES = 80


class Recipe(NamedTuple):
    """How to get a page's answer again.

    Attributes:
        sources: citations, each with the address it stands at, or None.
    """

    sentence: str
    shell: str
    python: str
    sparql: str
    sources: tuple[tuple[str, str | None], ...]


def address_of_source(citation: str) -> str | None:
    """The public address in a citation.

    >>> address_of_source("Dahm KT 2010. Advice to rest in bed. PMID 20556780")
    'https://pubmed.ncbi.nlm.nih.gov/20556780/'
    >>> address_of_source("Steffens 2014. Weather. doi:10.1002/acr.22378")
    'https://doi.org/10.1002/acr.22378'
    """
    if found := re.search(r"\bPMID (\d+)", citation):
        return f"https://pubmed.ncbi.nlm.nih.gov/{found[1]}/"
    if found := re.search(r"\bdoi:(10\.\S+?)[.,;\]]*(?=\s|$)", citation):
        return f"https://doi.org/{found[1]}"
    found = re.search(r"https?://[^\s<>\"]+", citation)
    return found[0].rstrip(".,;)") if found else None


def of_answer(question: Asked, answer: dict[str, Any]) -> Recipe:
    """The recipe of an explained case."""
    case, top = question
    words = ["kg", "explain", *(f"--absent={text}" for text in case.absent)]
    words += ["--age", str(case.age)] if case.age is not None else []
    words += ["--sex", case.sex] if case.sex is not None else []
    words += ["--top", str(top)]
    # A finding that begins with a dash would be read as an option.
    words += (["--"] if any(t.startswith("-") for t in case.present) else []) + list(case.present)
    given = [repr(list(case.present))]
    given += [f"absent={list(case.absent)!r}"] if case.absent else []
    given += [f"age={case.age}"] if case.age is not None else []
    given += [f"sex={case.sex!r}"] if case.sex is not None else []
    leading = answer["conditions"][:3]
    links = [x for c in leading for e in c["evidence"] if e["effect"] == "for" for p in e["paths"] for x in p]
    cited = [s for a in answer["alarms"] for s in a["sources"]]
    cited += [s for c in answer["conditions"] for e in c["evidence"] for s in e["citations"]]
    python = f"import kg; kg.load().explain({', '.join(given)}, top={top})"
    return Recipe(_said(question, answer), shlex.join(words), python, query_of_links(links), _sources(cited))


def _said(question: Asked, answer: dict[str, Any]) -> str:
    case = question.case
    with_ = " and ".join(case.present) or "nothing present"
    without = f", without {' or '.join(case.absent)}" if case.absent else ""
    who = "".join(f", {x}" for x in (f"{case.age} years old" if case.age is not None else "", case.sex or "") if x)
    alarm = "".join(f"{a['label'].capitalize()}: {a['action']} " for a in answer["alarms"])
    ranked = ", ".join(f"{c['label']} {c['probability']:.0%}" for c in answer["conditions"][:3])
    believed = f"the model believes most in {ranked}" if ranked else "the model knows nothing to rank"
    return f"{alarm}For {with_}{without}{who}: {believed}. This is a model's belief for teaching, not a diagnosis."


def query_of_links(links: Iterable[dict[str, str]]) -> str:
    """A query for the triples that chains are made of, with their words; nobody's chains give the empty answer."""
    edges = dict.fromkeys((x["subject"], x["predicate"], x["object"]) for x in links)
    rows = "\n".join(f"    ({' '.join(_term(t) for t in e)})" for e in list(edges)[:MOST_LINKS])
    return with_prefixes(
        "SELECT ?subject ?relation ?object WHERE {\n"
        f"  VALUES (?s ?p ?o) {{\n{rows}\n  }}\n"
        "  ?s ?p ?o ; skos:prefLabel ?subject . ?p rdfs:label ?relation . ?o skos:prefLabel ?object .\n}"
    )


def _term(iri: str) -> str:
    short = shorten(iri)
    # A local name with dots, slashes or parentheses is not a plain prefixed name.
    return short if re.fullmatch(r"\w+:[\w-]+", short) else f"<{iri}>"


def of_thing(record: dict[str, Any]) -> Recipe:
    """The recipe of a thing's page."""
    name = record["curie"]
    said = f"{record['label']} ({_spoken(record['kind'])}): {record['definition'] or 'no definition'}"
    query = (
        f"SELECT ?relation ?other WHERE {{\n  {_term(record['id'])} ?p ?o .\n"
        "  OPTIONAL { ?p rdfs:label ?relation_label }\n  OPTIONAL { ?o skos:prefLabel ?other_label }\n"
        "  BIND (COALESCE(?relation_label, STR(?p)) AS ?relation) BIND (COALESCE(?other_label, STR(?o)) AS ?other)\n"
        "} ORDER BY ?relation ?other"
    )
    cited = [*record["sources"]]
    for key in ("statistics", "recommendations"):
        cited += [s for row in record[key] for s in row["sources"]]
    cited += [s for x in record["links"] for a in x.get("said_by", ()) for s in a["sources"]]
    shell = shlex.join(["kg", "show", name])
    return Recipe(said, shell, f"import kg; kg.load().show({name!r})", with_prefixes(query), _sources(cited))


def of_comparison(found: dict[str, Any]) -> Recipe:
    """The recipe of a comparison."""
    ids = [shorten(c["id"]) for c in found["conditions"]]
    labels = [c["label"] for c in found["conditions"]]
    telling = [r["finding"]["label"] for r in found["rows"][:3]]
    said = f"To tell {' and '.join(labels)} apart, look for: {', '.join(telling) or 'nothing the graph knows'}."
    links = [x for r in found["rows"] for c in r["cells"] for p in c["paths"] for x in p]
    cited = [s for r in found["rows"] for c in r["cells"] for s in c["citations"]]
    python = f"import kg; kg.load().compare({', '.join(map(repr, ids))})"
    return Recipe(said, shlex.join(["kg", "compare", *ids]), python, query_of_links(links), _sources(cited))


def of_claims(found: dict[str, Any]) -> Recipe:
    """The recipe of the page of claims."""
    verdicts: dict[str, int] = {}
    for claim in found["claims"]:
        verdicts[claim["verdict"] or "no verdict"] = verdicts.get(claim["verdict"] or "no verdict", 0) + 1
    said = "Claims of popular articles: " + ", ".join(f"{n} {v}" for v, n in sorted(verdicts.items())) + "."
    query = (
        "SELECT ?verdict ?claim ?for ?against WHERE {\n  ?c a bl:Claim ; skos:prefLabel ?claim ; bl:hasVerdict ?v .\n"
        "  ?v skos:prefLabel ?verdict .\n  OPTIONAL { ?c bl:evidenceFor ?for }\n"
        "  OPTIONAL { ?c bl:evidenceAgainst ?against }\n"
        "} ORDER BY ?verdict ?claim"
    )
    cited = [s for claim in found["claims"] for s in claim["sources"]]
    query = with_prefixes(query)
    return Recipe(
        said, shlex.join(["kg", "sparql", query]), f"import kg; kg.load().sparql({query!r})", query, _sources(cited)
    )


def of_classes(found: dict[str, Any]) -> Recipe:
    """The recipe of the page that lists classes and the tree of conditions."""
    said = "The graph holds " + ", ".join(f"{c['count']} of class {c['kind']}" for c in found["classes"]) + "."
    return _of_query(
        said,
        "SELECT ?group ?condition WHERE {\n  ?c a bl:Condition ; skos:prefLabel ?condition ; skos:broader ?g .\n"
        "  ?g skos:prefLabel ?group .\n} ORDER BY ?group ?condition",
    )


def of_class(found: dict[str, Any]) -> Recipe:
    """The recipe of the list of one class."""
    said = f"The graph holds {len(found['things'])} things of class {found['kind']}."
    return _of_query(
        said, f"SELECT ?thing ?label WHERE {{ ?thing a bl:{found['kind']} ; skos:prefLabel ?label }} ORDER BY ?label"
    )


def of_graph(nodes: int) -> Recipe:
    """The recipe of the whole graph."""
    query = with_prefixes(
        "SELECT ?kind (COUNT(?thing) AS ?things) WHERE {\n"
        "  ?thing a ?class ; skos:prefLabel ?name . ?class rdfs:label ?kind .\n"
        f"  FILTER (STRSTARTS(STR(?thing), {ID!r}))\n}} GROUP BY ?kind ORDER BY DESC(?things)"
    )
    return Recipe(
        f"The whole graph: {nodes:,} things that links connect.", "kg view -o graph.html",
        "import kg; kg.load().view()", query, (),
    )  # fmt: skip


def of_chain(links: Sequence[dict[str, str]], ends: tuple[str, str], cited: Sequence[str]) -> Recipe:
    """The recipe of a chain from one thing to another.

    Args:
        links: of the chain, in order.
        ends: names of its first and its last thing.
    """
    said = "; ".join(x["label"] for x in links) + "."
    python = f"import kg; kg.load().paths({ends[0]!r}, {ends[1]!r})[0]"
    return Recipe(said, shlex.join(["kg", "paths", *ends]), python, query_of_links(links), _sources(cited))


def of_look_alikes(pairs: int) -> Recipe:
    """The recipe of the list of conditions that are confused with each other."""
    return _of_query(
        f"{pairs:,} pairs of conditions are known to be confused with each other.",
        "SELECT ?condition ?other WHERE {\n  ?c bl:confusedWith ?o ; skos:prefLabel ?condition .\n"
        "  ?o skos:prefLabel ?other .\n} ORDER BY ?condition ?other",
    )


def of_supply() -> Recipe:
    """The recipe of what places are weighed by: which root, plexus or nerve reaches what."""
    return _of_query(
        "Which root, plexus or nerve supplies or mediates what: the links by which places are weighed.",
        "SELECT ?place ?relation ?what WHERE {\n  VALUES ?k { bl:NerveRoot bl:Plexus bl:Nerve }\n"
        "  VALUES ?r { bl:suppliesSkinArea bl:suppliesMuscle bl:mediatesReflex bl:stressedBy }\n"
        "  ?p a ?k ; ?r ?o ; skos:prefLabel ?place . ?r rdfs:label ?relation . ?o skos:prefLabel ?what .\n"
        "} ORDER BY ?place ?relation ?what",
    )


def of_about(notice: str) -> Recipe:
    """The recipe of the page that says what this is."""
    query = with_prefixes(f"SELECT ?property ?value WHERE {{ <{BL.rstrip('#')}> ?property ?value }}")
    return Recipe(notice, "kg --version", "import kg; kg.__version__", query, ())


def _of_query(said: str, text: str) -> Recipe:
    """A recipe whose command and Python line run the query."""
    query = with_prefixes(text)
    return Recipe(said, shlex.join(["kg", "sparql", query]), f"import kg; kg.load().sparql({query!r})", query, ())


def of_search(text: str) -> Recipe:
    """The recipe of a search."""
    query = with_prefixes(
        "SELECT ?thing ?name WHERE {\n  ?thing skos:prefLabel|skos:altLabel ?name .\n"
        f"  FILTER (CONTAINS(LCASE(?name), LCASE({_literal(text)})))\n}} ORDER BY ?name LIMIT 60"
    )
    words = ["kg", "search", *(["--"] if text.startswith("-") else []), text]
    return Recipe(f"Things called “{text}”.", shlex.join(words), f"import kg; kg.load().search({text!r})", query, ())


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _sources(cited: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    # A citation of a figure ends with its source: the first word that is an address counts.
    return tuple((c, address_of_source(c)) for c in list(dict.fromkeys(cited))[:MOST_SOURCES])


def _spoken(kind: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower()
