"""What can go wrong, as a tree.

    KgError                 anything this package raises on purpose
    ├── InputError          the caller's input is at fault (exit code 2)
    │   ├── UnknownName     no thing has this name; carries suggestions
    │   ├── BadCase         a case that cannot be read
    │   ├── BadTurtle       a Turtle file that does not parse; carries file and line
    │   └── BadQuery        SPARQL that does not parse or is not allowed
    │       └── UnsuitableFormat   its result cannot be written in the format asked for
    ├── QueryTimeout        a query ran into the time limit (exit code 1)
    ├── QueryTooLarge       a query or its answer is larger than allowed (exit code 1)
    ├── QueryBusy           no engine came free to answer a query (exit code 1)
    └── Failure             the program or its surroundings are at fault (exit code 1)

Each message is one line: what is wrong, where, and what would be right.
"""

from __future__ import annotations


class KgError(Exception):
    """Anything this package raises on purpose."""


class InputError(KgError):
    """The input is at fault; nothing was changed."""


class UnknownName(InputError):
    """No thing in the graph has this name.

    Attributes:
        name: what was asked for.
        suggestions: names that do exist and look alike, best first.
    """

    def __init__(self, name: str, suggestions: tuple[str, ...] = ()) -> None:
        self.name = name
        self.suggestions = suggestions
        hint = " or ".join(f"“{s}”" for s in suggestions[:3])
        tail = f" Did you mean {hint}?" if hint else " Try `kg search` with one word of it."
        super().__init__(f"Nothing in the graph is called “{name[:120]}”.{tail}")


class BadCase(InputError):
    """A case that cannot be read."""


class BadTurtle(InputError):
    """A Turtle file that does not parse.

    Attributes:
        path: the file.
        line: the line, counted from 1, where known.
    """

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        where = f"{path}:{line}" if line else path
        super().__init__(f"{where}: not valid Turtle: {reason}")


class BadQuery(InputError):
    """SPARQL that does not parse or is not allowed here."""


class UnsuitableFormat(BadQuery):
    """The result of a query cannot be written in the format asked for."""


class QueryTimeout(KgError):
    """A query ran into the time limit and was ended."""


class QueryTooLarge(KgError):
    """A query needs more memory, or its answer has more rows, than allowed."""


class QueryBusy(KgError):
    """No engine came free to answer a query."""


class Failure(KgError):
    """The program or its surroundings are at fault."""
