"""What a phrase was understood to report."""

from __future__ import annotations

from dataclasses import dataclass

from kg.model import How, Status


@dataclass(frozen=True, slots=True)
class Grounded:
    """One finding that a phrase reports.

    Attributes:
        id: the named finding, or None where only its parts have names.
        qualities, sites: the parts of an unnamed composition.
        score: share of the phrase's meaning words that the clause accounts for, 0 to 1.
        circumstances: what worsens, eases or starts it, where the phrase says so and no named finding does.
        degree: how much of it, 0 (none) to 1: a pain score of 8/10 is 0.8, a power of 4/5 leaves 0.8.
        value, unit: the number a finding was read off, in the unit of its limit; "" where no unit was written.
        days: how long it has lasted, or how long ago it was.
        hedged: the phrase says "maybe", "possible" or "?".
    """

    text: str
    status: Status
    id: str | None
    qualities: tuple[str, ...]
    sites: tuple[str, ...]
    side: str | None
    how: How
    score: float
    circumstances: tuple[str, ...] = ()
    degree: float | None = None
    value: float | None = None
    unit: str = ""
    days: float | None = None
    hedged: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for two phrases that say the same."""
        return (self.id, self.qualities, self.sites) if self.id is None else (self.id,)
