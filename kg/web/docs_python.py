"""The Python interface for the documentation, read out of its own source: signatures as written, and docstrings."""

from __future__ import annotations

import ast
import inspect
from typing import NamedTuple

from kg.api import KnowledgeGraph


class Member(NamedTuple):
    """A method or an attribute of `KnowledgeGraph`.

    Attributes:
        call: as it is written, such as `resolve(name: str) -> str`.
        first: the first sentence of its docstring.
        more: the rest, without the examples.
        example: Python as typed and answered; the tests run it.
    """

    name: str
    call: str
    first: str
    more: str
    example: str


def members() -> tuple[Member, ...]:
    """All public members, in the order of the source, those of the class it builds on last.

    >>> next(m.call for m in members() if m.name == "resolve")
    'resolve(name: str) -> str'
    """
    methods = (m for c in KnowledgeGraph.__mro__[:-1] for m in ast.walk(ast.parse(inspect.getsource(c))))
    return tuple(_member(m) for m in methods if isinstance(m, ast.FunctionDef) and not m.name.startswith("_"))


def _member(method: ast.FunctionDef) -> Member:
    first, _, rest = (ast.get_docstring(method) or "").partition("\n")
    more, _, example = rest.strip().partition(">>> ")
    return Member(method.name, _call(method), first, more.strip(), f">>> {example}" if example else "")


def _call(method: ast.FunctionDef) -> str:
    returns = ast.unparse(method.returns) if method.returns else "None"
    if any(ast.unparse(d) == "cached_property" for d in method.decorator_list):
        return f"{method.name}: {returns}"
    given = ast.unparse(method.args).removeprefix("self").removeprefix(", ")
    return f"{method.name}({given}) -> {returns}"
