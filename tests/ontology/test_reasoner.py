"""A real description-logic reasoner reads ontology and data: OWL 2 DL, consistent, the same conclusions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jpype
import pyoxigraph as ox
import pytest

import kg
from kg.read.build import asserted, load_graph
from kg.read.export import export_text
from kg.read.names import BL, ID, OWL, RDF
from kg.read.terms import as_terms
from kg.read.turtle import Triple, read_file


@pytest.fixture(scope="session")
def owlapi() -> Any:
    """HermiT 1.3.8 and the OWL API 3.4 that it carries, as owlready2 ships them, in a Java machine of this process."""
    import owlready2

    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    if not jpype.isJVMStarted():
        jpype.startJVM("-Xmx3g", classpath=[str(jar)])
    return jpype.JPackage("org.semanticweb.owlapi")


@pytest.fixture(scope="session")
def everything_asserted() -> list[Triple]:
    return list(asserted(load_graph()))


def load(owlapi: Any, triples: list[Triple], folder: Path) -> Any:
    """The triples as an OWL API ontology, through RDF/XML, which that reader knows best."""
    path = folder / "graph.rdf"
    path.write_bytes(ox.serialize((ox.Triple(*as_terms(t)) for t in triples), format=ox.RdfFormat.RDF_XML) or b"")
    manager = owlapi.apibinding.OWLManager.createOWLOntologyManager()
    return manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(path)))


def reasoner(ontology: Any) -> Any:
    # HermiT knows no rdf:langString or xsd:date; facts with literals take no part in these inferences.
    config = jpype.JClass("org.semanticweb.HermiT.Configuration")()
    config.ignoreUnsupportedDatatypes = True
    return jpype.JClass("org.semanticweb.HermiT.Reasoner")(config, ontology)


@pytest.fixture(scope="session")
def ontology(owlapi: Any, everything_asserted: list[Triple], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load(owlapi, everything_asserted, tmp_path_factory.mktemp("owl"))


def test_ontology_and_data_are_owl_2_dl(owlapi: Any, ontology: Any) -> None:
    report = owlapi.profiles.OWL2DLProfile().checkOntology(ontology)
    assert sorted({str(v)[:200] for v in report.getViolations()})[:5] == []


def test_the_export_for_protege_holds_every_axiom(
    owlapi: Any, everything_asserted: list[Triple], tmp_path: Path
) -> None:
    # Protégé stands on the OWL API too: what this reads is what a person sees there.
    (tmp_path / "backleg.owl").write_text(export_text("owl", entailed=False), encoding="utf-8")
    manager = owlapi.apibinding.OWLManager.createOWLOntologyManager()
    found = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(tmp_path / "backleg.owl")))
    assert str(found.getOntologyID().getVersionIRI()).strip("<>").endswith(f"/{kg.__version__}")
    assert owlapi.profiles.OWL2DLProfile().checkOntology(found).isInProfile()
    kinds = owlapi.model.AxiomType
    things = {s for s, p, _ in everything_asserted if p == RDF + "type" and s.startswith(ID)}
    individuals = {str(i.toStringID()) for i in found.getIndividualsInSignature()}
    assert {i for i in individuals if i.startswith(ID)} == things
    declared = {OWL + k for k in ("ObjectProperty", "Class", "DatatypeProperty")}
    terms = {s for s, p, o in everything_asserted if p == RDF + "type" and o in declared and s.startswith(BL)}
    assert terms <= {str(e.toStringID()) for e in found.getSignature()}
    # Of each link, what its sources say; several sources of one link are several annotated axioms.
    said = {s for s, p, o in everything_asserted if p == RDF + "type" and o == OWL + "Axiom"}
    annotated = [a for a in found.getAxioms(kinds.OBJECT_PROPERTY_ASSERTION) if a.isAnnotated()]
    assert len(annotated) == len(said)


def test_the_profile_check_can_fail(owlapi: Any, everything_asserted: list[Triple], tmp_path: Path) -> None:
    # A transitive property may not be asymmetric in OWL 2 DL.
    broken = (
        BL + "partOf",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
        "http://www.w3.org/2002/07/owl#AsymmetricProperty",
    )
    report = owlapi.profiles.OWL2DLProfile().checkOntology(load(owlapi, [*everything_asserted, broken], tmp_path))
    assert not report.isInProfile()


@pytest.fixture(scope="session")
def small(owlapi: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The whole ontology with one herniation and the anatomy it meets: small enough to classify quickly."""
    base = list(read_file(load_home() / "ontology" / "backleg.ttl").triples)
    return load(owlapi, [*base, *HERNIATION], tmp_path_factory.mktemp("small"))


def load_home() -> Path:
    from kg.read.files import home

    return home()


TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
HERNIATION: list[Triple] = [
    (ID + "herniation", TYPE, BL + "Condition"),
    (ID + "zone", TYPE, BL + "DiscZone"),
    (ID + "l5", TYPE, BL + "NerveRoot"),
    (ID + "dorsum", TYPE, BL + "BodyArea"),
    (ID + "ehl", TYPE, BL + "Muscle"),
    (ID + "toe-up", TYPE, BL + "Movement"),
    (ID + "herniation", BL + "herniatesInto", ID + "zone"),
    (ID + "zone", BL + "abutsRoot", ID + "l5"),
    (ID + "l5", BL + "suppliesSkinArea", ID + "dorsum"),
    (ID + "l5", BL + "suppliesMuscle", ID + "ehl"),
    (ID + "ehl", BL + "performsMovement", ID + "toe-up"),
]


def values(ontology: Any, engine: Any, subject: str, predicate: str) -> set[str]:
    factory = ontology.getOWLOntologyManager().getOWLDataFactory()
    iri = jpype.JClass("org.semanticweb.owlapi.model.IRI")
    thing = factory.getOWLNamedIndividual(iri.create(subject))
    prop = factory.getOWLObjectProperty(iri.create(predicate))
    return {str(i.getIRI()) for i in engine.getObjectPropertyValues(thing, prop).getFlattened()}


@pytest.mark.parametrize(
    ("predicate", "target"),
    [("compresses", "l5"), ("canDisturbSensationIn", "dorsum"), ("canWeaken", "ehl"), ("canWeakenMovement", "toe-up")],
)
def test_the_reasoner_derives_where_a_herniation_is_felt(small: Any, predicate: str, target: str) -> None:
    engine = reasoner(small)
    assert ID + target in values(small, engine, ID + "herniation", BL + predicate)


def test_the_whole_graph_is_consistent(ontology: Any) -> None:
    assert reasoner(ontology).isConsistent()


def test_a_contradiction_is_found(owlapi: Any, tmp_path: Path) -> None:
    base = list(read_file(load_home() / "ontology" / "backleg.ttl").triples)
    both = [(ID + "thing", TYPE, BL + "Muscle"), (ID + "thing", TYPE, BL + "Nerve")]
    assert not reasoner(load(owlapi, [*base, *both], tmp_path)).isConsistent()
