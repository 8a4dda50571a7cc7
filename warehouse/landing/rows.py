"""What every format is read into: sheets with a header, and rows of cells by column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

from warehouse.errors import RadarError

# The cell that tells from which sheet of a workbook a row came.
SHEET = "@sheet"
# A title and a line of notes may stand above the header; what lies deeper is no header.
HEADER_SEARCH = 20
# One known name may be chance: a title that is called like a column.
KNOWN_ENOUGH = 2


class Row(NamedTuple):
    """A row as it arrived: its columns, a cell for each, and what was wrong with its structure."""

    number: int
    names: tuple[str, ...]
    cells: Sequence[str | None]
    problem: str | None

    @property
    def record(self) -> dict[str, str | None]:
        """Cells by column."""
        return dict(zip(self.names, self.cells, strict=True))


@dataclass(frozen=True)
class Sheet:
    """A table within a file.

    Attributes:
        name: what a workbook calls it; empty in formats that hold one table.
        header: column names, in order; none where the sheet has no rows.
        above: lines above the header, which are read over.
    """

    name: str
    header: tuple[str, ...]
    above: int = 0


class Reader(Protocol):
    """Reads one format."""

    def sheets(self, known: Collection[str], /) -> tuple[Sheet, ...]:
        """The tables of the file; `known` names of columns tell a header from the titles above it.

        Raises:
            RadarError: the file is not of the format, or a header is unusable.
        """

    def rows(self, sheets: Sequence[Sheet], /) -> Iterator[Row]:
        """The rows of these sheets, numbered from 1 throughout; blank lines are no rows.

        Raises:
            RadarError: the file cannot be cut into rows.
        """


class Opener(Protocol):
    """Opens the file's bytes, uncompressed, anew at every call."""

    def __call__(self) -> BinaryIO: ...


def header_line(lines: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Which of a file's first lines is the header: the one with the most known names, else the first that is not blank."""
    scores = [len(set(map(str.strip, line)) & set(known)) for line in lines]
    if max(scores, default=0) >= KNOWN_ENOUGH:
        return scores.index(max(scores))
    return next((place for place, line in enumerate(lines) if any(cell.strip() for cell in line)), 0)


def header_names(cells: Sequence[str], file_name: str) -> tuple[str, ...]:
    """Column names from the cells of a header; nameless ones are numbered.

    Raises:
        RadarError: two columns have the same name.
    """
    header = tuple(cell.strip() or f"column {place}" for place, cell in enumerate(cells, 1))
    for place, name in enumerate(header):
        if name in header[:place]:
            # The name itself stays unsaid: where the header is missing, it is a cell of somebody's complaint.
            raise RadarError(f"{file_name}: columns {header.index(name) + 1} and {place + 1} of the header have the same name")
    return header


def ragged(number: int, header: tuple[str, ...], cells: Sequence[str | None]) -> Row:
    """A row with more or fewer cells than the header; every cell is kept."""
    width = len(header)
    names = (*header[: len(cells)], *(f"+{place}" for place in range(1, len(cells) - width + 1)))
    return Row(number, names, cells, f"{len(cells)} cells, {width} expected")
