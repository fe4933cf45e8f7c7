"""Rows of a query as Python takes them: a list of dictionaries of text, or a frame of pandas or polars with types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from kg.errors import Failure
from kg.read.names import XSD

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Cell: TypeAlias = Mapping[str, str]
Kind: TypeAlias = Literal["integer", "number", "truth", "text"]
WHOLE = {
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
}
BROKEN = {"decimal", "double", "float"}
LARGEST = 2**63
PANDAS = {"integer": "Int64", "number": "Float64", "truth": "boolean", "text": "string"}


class Column(NamedTuple):
    """A column with one type.

    Attributes:
        values: int, float, bool or str; None where the query left the variable without a value.
    """

    kind: Kind
    values: list[Any]


class Rows(list[dict[str, str]]):
    """Rows of a SELECT: each a dictionary of text, without what has no value.

    Attributes:
        columns: all variables of the query, in its order.
        bindings: the same rows in SPARQL's own JSON, with datatypes and languages.

    >>> cell = {"type": "literal", "value": "3", "datatype": XSD + "integer"}
    >>> rows = Rows(("root", "muscles"), ({"muscles": cell},))
    >>> rows, rows.columns
    ([{'muscles': '3'}], ('root', 'muscles'))
    """

    def __init__(self, columns: Iterable[str], bindings: Iterable[Mapping[str, Cell]]) -> None:
        self.columns, self.bindings = tuple(columns), tuple(bindings)
        super().__init__({k: v["value"] for k, v in row.items()} for row in self.bindings)

    def typed(self) -> dict[str, Column]:
        """Column by column, each with the narrowest type that all its values have.

        Whole numbers, numbers and truths are told by their datatypes; all else, dates and addresses too, is text.
        """
        return {name: _column([row.get(name) for row in self.bindings]) for name in self.columns}

    def to_pandas(self) -> pd.DataFrame:
        """As a pandas frame; numbers are numbers, and what has no value is missing.

        Raises:
            Failure: pandas is not installed.

        >>> cell = {"type": "literal", "value": "0.5", "datatype": XSD + "decimal"}
        >>> frame = Rows(["share"], [{"share": cell}, {}]).to_pandas()
        >>> frame["share"].dtype, frame["share"].isna().tolist()
        (Float64Dtype(), [False, True])
        """
        try:
            import pandas as pd
        except ModuleNotFoundError as e:
            raise _missing("pandas") from e
        made = {n: pd.Series(c.values, dtype=PANDAS[c.kind]) for n, c in self.typed().items()}
        return pd.DataFrame(made, columns=list(self.columns))

    def to_polars(self) -> pl.DataFrame:
        """As a polars frame; numbers are numbers, and what has no value is null.

        Raises:
            Failure: polars is not installed.

        >>> cell = {"type": "literal", "value": "3", "datatype": XSD + "integer"}
        >>> Rows(["muscles"], [{"muscles": cell}, {}]).to_polars()["muscles"].to_list()
        [3, None]
        """
        try:
            import polars as pl
        except ModuleNotFoundError as e:
            raise _missing("polars") from e
        types = {"integer": pl.Int64, "number": pl.Float64, "truth": pl.Boolean, "text": pl.String}
        return pl.DataFrame([pl.Series(n, c.values, types[c.kind]) for n, c in self.typed().items()])


def _missing(library: str) -> Failure:
    return Failure(f"A frame of {library} needs {library}: pip install 'backleg-kg[frames]'.")


def _column(cells: list[Cell | None]) -> Column:
    kinds = {_kind(c) for c in cells if c is not None}
    kind: Kind = "number" if kinds == {"integer", "number"} else kinds.pop() if len(kinds) == 1 else "text"
    readers: dict[Kind, Callable[[str], Any]] = {"integer": int, "number": float, "truth": _truth, "text": str}
    read = readers[kind]
    return Column(kind, [None if c is None else read(c["value"]) for c in cells])


def _truth(text: str) -> bool:
    return text in ("true", "1")


def _kind(cell: Cell) -> Kind:
    name = cell.get("datatype", "").removeprefix(XSD)
    try:
        if name in WHOLE:
            return "integer" if -LARGEST <= int(cell["value"]) < LARGEST else "number"
        if name in BROKEN:
            float(cell["value"])
            return "number"
    except ValueError:  # a literal that is none of its datatype
        return "text"
    return "truth" if name == "boolean" and cell["value"] in ("true", "false", "0", "1") else "text"
