"""The Python face of the graph."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path as _Path
from typing import TYPE_CHECKING, Any, Literal, cast

from kg.errors import BadQuery, InputError
from kg.model import LEVELS, Answer, Case, Comparison, Exercise, Level, Moved, Path, Status, WhyNot
from kg.parts import Parts
from kg.read import catalogue, origin

if TYPE_CHECKING:
    import rdflib

    from kg.read.export import Written
    from kg.read.references import Reference
    from kg.read.rows import Rows
    from kg.reason.batch import Batcher
    from kg.reason.changes import Changes
    from kg.reason.evaluate import Evaluation
    from kg.reason.quiz import Bank


class KnowledgeGraph(Parts):
    """The shipped graph, or one behind a SPARQL endpoint. Parts are read when they are first used.

    >>> import kg
    >>> g = kg.load()
    >>> g
    <KnowledgeGraph of back–leg pain, data 0.1.0>
    >>> g.show("L5 root")["label"]
    'L5 nerve root'
    """

    def __repr__(self) -> str:
        return f"<KnowledgeGraph of back–leg pain, data {self.knowledge.data_version}>"

    def explain(
        self,
        present: Iterable[str],
        absent: Iterable[str] = (),
        age: int | None = None,
        sex: Literal["female", "male"] | None = None,
        top: int = 10,
    ) -> Answer:
        """Which conditions fit, and why.

        Args:
            present: findings in plain English.
            absent: findings that were looked for and not found; "no fever" among `present` means the same.
            age: years.
            top: how many conditions to describe.

        >>> import kg
        >>> answer = kg.load().explain(["saddle numbness", "cannot pass urine", "low back pain"])
        >>> answer.urgency
        'emergency'
        """
        return self.explain_case(Case(tuple(present), tuple(absent), age, sex), top)

    def explain_case(self, case: Case, top: int = 10, links: Literal["chart", "studies"] = "chart") -> Answer:
        """The same for a `Case`.

        Args:
            links: strengths of anatomical links as the textbook's chart has them, or as studies measured them where
                one did.
        """
        from kg import __version__
        from kg.reason.explain import explain
        from kg.reason.studies import by_studies

        knowledge = by_studies(self.knowledge) if links == "studies" else self.knowledge
        version = {"package": __version__, "data": knowledge.data_version}
        return explain(case, knowledge, self.lexicon, top, version)

    def chart_against_studies(self, case: Case) -> tuple[Moved, ...]:
        """What moves in the answer of a case when studies take the place of the textbook's chart."""
        from kg.reason.studies import moved

        everything = len(self.knowledge.conditions)
        return moved(self.explain_case(case, everything), self.explain_case(case, everything, "studies"))

    def why_not(self, case: Case, name: str, rival: str | None = None) -> WhyNot:
        """Why a condition does not lead, and the fewest changes of findings that would put it ahead.

        Args:
            name: the condition asked about.
            rival: the condition to compare with; without it the likeliest other one.

        Raises:
            kg.errors.UnknownName: nothing is called so.
            kg.errors.InputError: a name is no condition, both are the same, or no finding was understood.

        >>> import kg
        >>> case = kg.Case(("burning outer thigh", "numb outer thigh"))
        >>> found = kg.load().why_not(case, "L3 radiculopathy", "meralgia paraesthetica")
        >>> found.ahead, len(found.changes) > 0
        (False, True)
        """
        from kg.reason.why_not import why_not
        from kg.reason.words import understand

        ids = [self.resolve(n) for n in (name, rival) if n is not None]
        known = {c.id for c in self.knowledge.conditions}
        for n, i in zip((name, rival), ids, strict=False):
            if i not in known:
                raise InputError(f"“{n}” is no condition. Try kg search WORDS --kind Condition.")
        if len(set(ids)) < len(ids):
            raise InputError(f"“{name}” and “{rival}” are the same condition; name two.")
        phrases: list[tuple[str, Status]] = [(p, "present") for p in case.present]
        phrases += [(p, "absent") for p in case.absent]
        found, _ = understand(phrases, self.lexicon)
        if not found:
            raise InputError("No finding was understood, so nothing can be compared. Try plain words or kg search.")
        return why_not(found, case, self.knowledge, *ids)

    def localization_table(self, phrases: Iterable[str]) -> dict[str, Any]:
        """What each phrase adds to the score of each place; for pages that add up without this program.

        >>> import kg
        >>> table = kg.load().localization_table(["foot drop"])
        >>> len(table["phrases"]["foot drop"]["findings"])
        1
        """
        from kg.reason.localize_table import localization_table

        return localization_table(phrases, self.knowledge, self.lexicon)

    def batcher(self, top: int = 5) -> Batcher:
        """Answers many cases at a time with little more than names and beliefs; see `kg rank`.

        >>> import kg
        >>> first, second = kg.load().batcher()([kg.Case(("foot drop",)), kg.Case(("saddle numbness",))])
        >>> second.urgency
        'emergency'
        """
        from kg.reason.batch import Batcher

        return Batcher(self.knowledge, self.lexicon, top)

    def evaluate(self, folder: str | os.PathLike[str], tell: Callable[[str], None] = lambda _: None) -> Evaluation:
        """How well the answers hold on a folder of published cases; see `kg evaluate`.

        Raises:
            kg.errors.InputError: no such folder, or a file in it is no case with its published answer.
        """
        from kg.read.published import read_folder
        from kg.reason.evaluate import evaluate

        return evaluate(read_folder(_Path(folder)), self.knowledge, self.lexicon, tell)

    def changes(
        self,
        old: str | os.PathLike[str],
        new: str | os.PathLike[str] | None = None,
        cases: str | os.PathLike[str] | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Changes:
        """Which published cases another release answers otherwise, and by which link or figure; see `kg changes`.

        Args:
            old: folder with the `ontology/` and `data/` of a release.
            new: the same of a newer one; without it, this graph.
            cases: folder of published cases; without it, the development cases that ship.

        Raises:
            kg.errors.InputError: a folder holds no release or no cases.
        """
        from kg.read.build import compile_folder
        from kg.read.files import home
        from kg.read.published import read_folder
        from kg.reason.changes import Release, changes

        asked = read_folder(_Path(cases) if cases else home() / "data" / "cases" / "development")
        newer = Release(*compile_folder(_Path(new))) if new else Release(self.knowledge, self.lexicon)
        return changes(asked, Release(*compile_folder(_Path(old))), newer, tell)

    def resolve(self, name: str) -> str:
        """The identifier behind a label, synonym, identifier or CURIE.

        Raises:
            kg.errors.UnknownName: nothing is called so.
        """
        return catalogue.resolve(self.names, name)

    def paths(self, start: str, goal: str, top: int = 5) -> tuple[Path, ...]:
        """How two things are connected, best chain first; empty where nothing connects them.

        >>> import kg
        >>> chain = kg.load().paths("renal colic", "groin pain")[0]
        >>> chain.links[0].subject.rpartition("/")[2]
        'renal-colic'
        """
        from kg.reason.paths import paths

        return paths(self.walk, self.resolve(start), self.resolve(goal), top)

    def compare(self, *names: str, top: int = 12) -> Comparison:
        """What tells two to five conditions apart: the findings that say most about which of them it is.

        Raises:
            kg.errors.InputError: too few, too many, or one of them is no condition.

        >>> import kg
        >>> found = kg.load().compare("piriformis syndrome", "hip osteoarthritis", top=3)
        >>> len(found.rows), found.alike
        (3, ())
        """
        from kg.reason.compare import compare

        return compare([self.resolve(n) for n in names], self.knowledge, top)

    @cached_property
    def bank(self) -> Bank:
        """What quiz questions are made from: links of things, compiled tables, published cases."""
        from kg.read.facts import facts
        from kg.read.files import home
        from kg.read.published import read_folder
        from kg.reason.quiz import Bank

        cases = home() / "data" / "cases"
        published = [c for folder in sorted(cases.iterdir()) if folder.is_dir() for c in read_folder(folder)]
        return Bank(facts(self.names), self.knowledge, self.lexicon, tuple(published))

    def quiz(
        self, level: str = "recall", seed: int = 1, count: int = 10, topic: str | None = None
    ) -> tuple[Exercise, ...]:
        """Questions with their answers; the same seed gives the same ones.

        Args:
            level: recall (anatomy), hop (the next link of a chain), weigh (for or against), case; or all.
            topic: a word such as “reflexes”, or any name of a thing that the questions shall be about.

        Raises:
            kg.errors.UnknownName: the topic is neither.
            kg.errors.InputError: there is no such level.

        >>> import kg
        >>> made = kg.load().quiz("recall", seed=3, count=2, topic="reflexes")
        >>> len(made), [sum(c.right for c in e.choices) for e in made]
        (2, [1, 1])
        """
        from kg.reason.quiz import draw
        from kg.reason.quiz_recall import TOPICS

        if level != "all" and level not in LEVELS:
            raise InputError(f"There is no level “{level[:40]}”. Choose one of: {', '.join(LEVELS)}, all.")
        wanted = topic if topic is None or topic in TOPICS else self.resolve(topic)
        levels = LEVELS if level == "all" else (cast("Level", level),)
        shares = [count // len(levels) + (i < count % len(levels)) for i in range(len(levels))]
        drawn = (draw(self.bank, x, seed, n, wanted) for x, n in zip(levels, shares, strict=True))
        return tuple(e for some in drawn for e in some)

    def quiz_again(self, ids: Sequence[str], seed: int = 1) -> Iterator[Exercise]:
        """Questions by their identifiers, such as those that were missed; those no longer held are left out."""
        from kg.reason.quiz import again

        return again(self.bank, ids, seed)

    def show(self, name: str) -> dict[str, Any]:
        """Everything about one thing, JSON-ready."""
        return catalogue.record(self.names, self.resolve(name))

    def search(self, text: str, kind: str | None = None, top: int = 20) -> list[dict[str, str]]:
        """Things whose names or definitions hold the words."""
        return catalogue.search(self.names, text, kind, top)

    def sparql(self, query: str, seconds: float = 30.0) -> Rows | bool:
        """Rows of a SELECT, or the answer of an ASK, over asserted and entailed triples.

        Where an endpoint is asked, the query itself goes there.

        Raises:
            kg.errors.BadQuery: it does not parse, or gives triples.
            kg.errors.QueryTimeout: it took longer than `seconds`.

        >>> import kg
        >>> kg.load().sparql("ASK { id:l5-nerve-root a bl:NerveRoot }")
        True
        """
        from kg.read.rows import Rows

        answer = json.loads(self._query(query, "json", seconds))
        if "boolean" in answer:
            return bool(answer["boolean"])
        return Rows(answer["head"]["vars"], answer["results"]["bindings"])

    def select(self, query: str, seconds: float = 30.0) -> Rows:
        """Rows of a SELECT, which become a frame with `.to_pandas()` or `.to_polars()`.

        Raises:
            kg.errors.BadQuery: it does not parse, or is no SELECT.
            kg.errors.QueryTimeout: it took longer than `seconds`.

        >>> import kg
        >>> kg.load().select("SELECT (COUNT(?r) AS ?roots) { ?r a bl:NerveRoot }").to_polars().shape
        (1, 1)
        """
        rows = self.sparql(query, seconds)
        if isinstance(rows, bool):
            raise BadQuery("This query gives a truth and no rows; ask it with sparql().")
        return rows

    def construct(self, query: str, seconds: float = 30.0) -> rdflib.Graph:
        """The triples of a CONSTRUCT or DESCRIBE as an rdflib graph.

        Raises:
            kg.errors.BadQuery: it does not parse, or gives no triples.
            kg.errors.QueryTimeout: it took longer than `seconds`.

        >>> import kg
        >>> len(kg.load().construct("CONSTRUCT WHERE { id:l5-nerve-root skos:prefLabel ?label }"))
        1
        """
        from kg.read.export import as_rdflib

        return as_rdflib(self._query(query, "ntriples", seconds))

    def _query(self, query: str, form: str, seconds: float) -> str:
        from kg.read.sparql import run_query, run_remote

        return run_remote(query, form, self.endpoint, seconds) if self.endpoint else run_query(query, form, seconds)

    def question(self, name: str, /, **values: str | float) -> str:
        """The query of a competency question, on request with other values; to give to `select` and the like.

        Args:
            values: parameters of the question; things by any name they have.

        Raises:
            kg.errors.UnknownName: there is no such question or thing.
            kg.errors.InputError: the question has no such parameter, or the value is none of its kind.

        >>> import kg
        >>> g = kg.load()
        >>> rows = g.select(g.question("muscles-of-a-root", root="S1 root"))
        >>> "soleus" in {row["muscle"] for row in rows}
        True
        """
        from kg.read.questions import filled, known_question

        asked = known_question(name)
        things = {p.name for p in asked.parameters if not p.kind.startswith("xsd:")}
        return filled(asked, {k: self.resolve(str(v)) if k in things else str(v) for k, v in values.items()})

    def cite(self, *things: str | Answer) -> tuple[Reference, ...]:
        """What to cite: the graph itself first, then the publications behind things, figures or an answer.

        Of a thing all that speaks of it, of a figure its own source, of an answer those of its alarms and figures.

        Raises:
            kg.errors.UnknownName: nothing is called so.

        >>> import kg
        >>> graph, *papers = kg.load().cite("meralgia paraesthetica")
        >>> graph.title.partition(",")[0], len(papers) > 3
        ('The Back–Leg Pain Knowledge Graph', True)
        """
        from kg.read.references import GRAPH, of_the_graph, query_for, references

        wanted = [i for t in things for i in ((self.resolve(t),) if isinstance(t, str) else t.rests_on)]
        whole = of_the_graph(self.select(GRAPH)[0])
        return (whole, *(references(self.select(query_for(wanted))) if wanted else ()))

    def bibtex(self, *things: str | Answer) -> str:
        """The same as BibTeX.

        >>> import kg
        >>> kg.load().bibtex().splitlines()[0]
        '@misc{backleg-kg,'
        """
        from kg.show.as_bibtex import bibtex

        return bibtex(self.cite(*things))

    def to_rdflib(self) -> rdflib.Graph:
        """Asserted and entailed triples as an rdflib graph, for those who script."""
        from kg.read.export import to_rdflib

        with origin.asking(self._home):
            return to_rdflib()

    def export(self, form: str, entailed: bool = True) -> Written:
        """The whole graph in another format: text, bytes, or name → content; see `kg export --help`.

        Raises:
            kg.errors.InputError: no such format.

        >>> import kg
        >>> sorted(kg.load().export("kgx"))
        ['edges.tsv', 'nodes.tsv']
        """
        from kg.read.export import export

        with origin.asking(self._home):
            return export(form, entailed)

    def phenopacket(self, case: Case) -> tuple[dict[str, Any], tuple[str, ...]]:
        """A case as a GA4GH Phenopacket v2, JSON-ready, and the phrases that no term fits; see `kg export phenopacket`.

        >>> import kg
        >>> packet, left_out = kg.load().phenopacket(kg.Case(("numb saddle",), ("fever",), 60, "female"))
        >>> [(f["type"]["id"], f.get("excluded", False)) for f in packet["phenotypicFeatures"]]
        [('HP:0033748', False), ('HP:0001945', True)]
        """
        from datetime import UTC, datetime

        from kg.read.mappings import mappings
        from kg.show.as_phenopacket import phenopacket

        answer = self.explain_case(case, top=0)
        named = os.environ.get("SOURCE_DATE_EPOCH")  # for those who make files that are always the same
        now = datetime.fromtimestamp(int(named), UTC) if named else datetime.now(UTC)
        return phenopacket(answer, mappings(), now)

    def view(self, names: Iterable[str] = (), reach: int = 2) -> str:
        """An interactive view as one self-contained HTML page; see `kg view`."""
        from kg.show.as_network import view_page

        chosen = tuple(self.resolve(n) for n in names)
        return view_page(self.walk, chosen, lambda i: catalogue.record(self.names, i), reach)
