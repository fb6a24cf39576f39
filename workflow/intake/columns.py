"""The headings a table may have, and which of them stands where in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from domain.errors import Refused
from domain.findings import Finding
from domain.text import text
from workflow.intake.cells import Raw

# The running number of a printed list says nothing about the person in the row.
_ORDINALS = frozenset({"no", "nomor", "nourut", "nomorurut"})


def heading_key(heading: str) -> str:
    """A heading without case, spaces, underscores and punctuation: `Tanggal_Lahir *` is `tanggallahir`."""
    return "".join(filter(str.isalnum, heading.casefold()))


class Layout(NamedTuple):
    """What stands where. names: by position, None for a column that is not read. headings: as written, by name.

    blank: positions in the header that have no heading.
    """

    names: tuple[str | None, ...]
    headings: dict[str, str]
    unknown: tuple[str, ...]
    blank: tuple[int, ...]


class Columns:
    """The known columns of a table: canonical name to the headings that offices write.

    required: names that must all be there. any_of: names of which one must be there. The canonical name
    itself is always an accepted heading.
    """

    def __init__(
        self, headings: Mapping[str, Iterable[str]], *, required: Iterable[str] = (), any_of: Iterable[str] = ()
    ) -> None:
        self.required = tuple(required)
        self.any_of = tuple(any_of)
        self._names: dict[str, str] = {}
        for name, accepted in headings.items():
            for heading in (name, *accepted):
                self._names.setdefault(heading_key(heading), name)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that say whom or what a row is about; a row without any of them is no record."""
        return self.any_of or self.required[:1]

    @property
    def known(self) -> tuple[str, ...]:
        """The canonical names, each once."""
        return tuple(dict.fromkeys(self._names.values()))

    def name_of(self, heading: str) -> str | None:
        """The canonical name of a heading; None if it is not known."""
        return self._names.get(heading_key(heading))

    def known_in(self, cells: Iterable[Raw]) -> set[str]:
        """The canonical names among the cells of a row."""
        names = (self.name_of(cell) for cell in cells if isinstance(cell, str))
        return {name for name in names if name is not None}

    def missing_from(self, known: set[str]) -> list[str]:
        """What a header with these names still lacks; empty if it is a header."""
        missing = [name for name in self.required if name not in known]
        if self.any_of and not known.intersection(self.any_of):
            missing.append(" / ".join(self.any_of))
        return missing

    def layout(self, header: Sequence[Raw]) -> Layout:
        """What stands under each heading of a header row. Raises Refused if two headings mean the same column."""
        names: list[str | None] = []
        headings: dict[str, str] = {}
        unknown: list[str] = []
        for cell in header:
            heading = _written(cell)
            key = heading_key(heading)
            known = self._names.get(key)
            name = None if not key or (known is None and key in _ORDINALS) else known or heading
            if name is not None and name in headings:
                raise Refused(
                    text(
                        "Two columns mean the same: {first} and {second}. Keep one of them and import again.",
                        first=headings[name],
                        second=heading,
                    )
                )
            names.append(name)
            if name is not None:
                headings[name] = heading
                if known is None:
                    unknown.append(name)
        blank = tuple(position for position, cell in enumerate(header) if not heading_key(_written(cell)))
        return Layout(tuple(names), headings, tuple(unknown), blank)


def _written(cell: Raw) -> str:
    return "" if cell is None or isinstance(cell, Finding) else str(cell)
