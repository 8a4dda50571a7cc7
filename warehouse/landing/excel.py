"""Excel workbooks (.xlsx), row by row; every sheet is a table."""

from __future__ import annotations

import datetime as dt
import itertools
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from warehouse.errors import RadarError
from warehouse.landing.rows import HEADER_SEARCH, SHEET, Opener, Row, Sheet, header_line, header_names

# What openpyxl and the libraries under it raise over damaged workbooks; a broken XML is a SyntaxError.
DAMAGED = (InvalidFileException, zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, SyntaxError)


class ExcelReader:
    """Rows of a workbook. Typed cells become texts: dates in ISO form, whole numbers without a decimal point."""

    def __init__(self, opened: Opener, file_name: str) -> None:
        self._opened, self._name = opened, file_name

    def sheets(self, known: Collection[str]) -> tuple[Sheet, ...]:
        with self._book() as book:
            return tuple(self._sheet(book, name, known) for name in _names(book))

    def rows(self, sheets: Sequence[Sheet]) -> Iterator[Row]:
        number = 0
        with self._book() as book:
            for sheet in sheets:
                names = (*sheet.header, SHEET)
                for cells in itertools.islice(_lines(book, sheet.name), sheet.above + 1, None):
                    if any(cells):
                        number += 1
                        yield _row(number, names, cells, sheet)

    @contextmanager
    def _book(self) -> Iterator[Workbook]:
        with self._opened() as file:
            try:
                book = load_workbook(file, read_only=True, data_only=True)
            except DAMAGED as error:
                raise RadarError(f"{self._name}: not a readable Excel workbook (.xlsx)") from error
            try:
                yield book
            except DAMAGED as error:
                raise RadarError(f"{self._name}: the workbook is damaged") from error
            finally:
                book.close()

    def _sheet(self, book: Workbook, name: str, known: Collection[str]) -> Sheet:
        lines = _lines(book, name)
        first = [_trimmed(cells) for cells in itertools.islice(lines, HEADER_SEARCH)]
        place = header_line([[cell or "" for cell in cells] for cells in first], known)
        if not any(first[place + 1 :]) and not any(map(any, lines)):
            return Sheet(name, ())
        cells = [cell or "" for cell in first[place]]
        return Sheet(name, header_names(cells, f"{self._name}, sheet {name}"), place)


def _row(number: int, names: tuple[str, ...], cells: Sequence[str | None], sheet: Sheet) -> Row:
    width = len(sheet.header)
    told = _trimmed(cells)
    if len(told) > width:
        surplus = tuple(f"+{place}" for place in range(1, len(told) - width + 1))
        return Row(number, (*sheet.header, *surplus, SHEET), [*told, sheet.name], f"{len(told)} cells, {width} expected")
    return Row(number, names, [*told, *[None] * (width - len(told)), sheet.name], None)


def _names(book: Workbook) -> list[str]:
    return [sheet.title for sheet in book.worksheets]


def _lines(book: Workbook, name: str) -> Iterator[list[str | None]]:
    sheet = book[name]
    # Some programs write a wrong size of the sheet, behind which rows would be lost.
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(values_only=True):
        yield [_text(cell) for cell in cells]


def _trimmed(cells: Sequence[str | None]) -> list[str | None]:
    """The cells up to the last one that is filled."""
    last = next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)
    return list(cells[:last])


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
