"""CSV: quoted cells, any line ends, UTF-8 or GB18030."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Collection, Iterator, Sequence

from warehouse.errors import RadarError
from warehouse.landing.rows import HEADER_SEARCH, Opener, Row, Sheet, header_line, header_names, ragged
from warehouse.landing.text import text_of

# A cell beyond this is an unclosed quote that swallowed the rows behind it.
LONGEST_CELL = 1 << 17


class CsvReader:
    """Rows of a CSV file."""

    def __init__(self, opened: Opener, encoding: str, file_name: str) -> None:
        self._opened, self._encoding, self._name = opened, encoding, file_name
        csv.field_size_limit(LONGEST_CELL)

    def sheets(self, known: Collection[str]) -> tuple[Sheet, ...]:
        lines: list[list[str]] = []
        try:
            with text_of(self._opened, self._encoding) as text:
                reader = csv.reader(text)
                lines.extend(itertools.islice(reader, HEADER_SEARCH))
                place = header_line(lines, known)
                filled = any(lines[place + 1 :]) or any(reader)
        except csv.Error as error:
            # The first line is the header, so that many rows were read.
            raise RadarError(f"{self._name}: row {len(lines)}: {error}") from error
        header = header_names(lines[place] if lines else (), self._name)
        return (Sheet("", header if filled else (), place),)

    def rows(self, sheets: Sequence[Sheet]) -> Iterator[Row]:
        (sheet,) = sheets
        width, number = len(sheet.header), 0
        with text_of(self._opened, self._encoding) as text:
            reader = csv.reader(text)
            try:
                for cells in itertools.islice(reader, sheet.above + 1, None):
                    if not cells:
                        continue
                    number += 1
                    whole = len(cells) == width
                    yield Row(number, sheet.header, cells, None) if whole else ragged(number, sheet.header, cells)
            except csv.Error as error:
                raise RadarError(f"{self._name}: row {number + 1}: {error}") from error
