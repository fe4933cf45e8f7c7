"""References → BibTeX, as LaTeX, Zotero and JabRef read it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.read.references import Reference

FIRST_ONLY = "first author only"


def bibtex(references: Iterable[Reference]) -> str:
    r"""All entries, one after the other.

    The graph knows first authors alone, and says so in a note rather than claim that there are others.
    """
    return "\n".join(map(_entry, references))


def _entry(reference: Reference) -> str:
    kind = "article" if reference.journal else "misc"
    notes = [f"PMID {reference.pmid}"] if reference.pmid else []
    notes += [FIRST_ONLY] if reference.author and reference.kind != "dataset" else []
    fields = {
        "author": f"{{{escaped(reference.author)}}}" if reference.author else "",
        "title": f"{{{escaped(reference.title)}}}",
        "journal": escaped(reference.journal),
        "year": reference.year[:4],
        "doi": reference.doi,
        "url": reference.url,
        "note": "; ".join(notes),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{reference.id},\n" + ",\n".join(lines) + "\n}\n"


def escaped(text: str) -> str:
    r"""Text with what LaTeX takes for commands written out.

    >>> print(escaped("Sensitivity & specificity: 95% of C_5 {a}"))
    Sensitivity \& specificity: 95\% of C\_5 \{a\}
    """
    return re.sub(r"[&%$#_{}]", lambda m: "\\" + m[0], text.replace("\\", "/"))
