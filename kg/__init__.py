"""The Back–Leg Pain Knowledge Graph: which conditions fit a set of findings, and why.

For teaching and research; it diagnoses nobody.

>>> import kg
>>> g = kg.load()
>>> answer = g.explain(["numb top of the foot", "weak big toe"], absent=["fever"])
>>> answer.urgency
'routine'
>>> answer.findings[0].matched[0].label
'numbness of the dorsum of the foot'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Case", "KnowledgeGraph", "__version__", "load"]

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.model import Case


def load(endpoint: str | None = None) -> KnowledgeGraph:
    """The shipped graph, ready to be asked, or the one that a SPARQL 1.1 endpoint holds.

    Args:
        endpoint: its address; without it, that of the environment's `KG_ENDPOINT`, if there is one.

    Raises:
        kg.errors.Failure: no folder to keep the compiled graph in, or the endpoint cannot be reached.
        kg.errors.InputError: the address is not that of an endpoint with this graph, or credentials are refused.
        kg.errors.QueryTimeout: the endpoint did not answer in time.
    """
    from kg.api import KnowledgeGraph

    return KnowledgeGraph(endpoint)


def __getattr__(name: str) -> object:
    # The public types are imported when first asked for, so that a lookup on the command line stays quick.
    if name == "Case":
        from kg.model import Case

        return Case
    if name == "KnowledgeGraph":
        from kg.api import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
