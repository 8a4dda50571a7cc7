"""JSON lines: one object per line; its names are the columns."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from warehouse.landing.rows import Opener, Row, Sheet
from warehouse.landing.text import text_of

# Objects may lack names that others have; these many are looked through for the columns of the file.
HEADER_OBJECTS = 1000
LINE = "line"


class JsonLinesReader:
    """Rows of a file with a JSON object per line."""

    def __init__(self, opened: Opener, encoding: str) -> None:
        self._opened, self._encoding = opened, encoding

    def sheets(self, _: Collection[str]) -> tuple[Sheet, ...]:
        names = (name for row in itertools.islice(self._parsed(), HEADER_OBJECTS) for name in row.names)
        return (Sheet("", tuple(dict.fromkeys(names))),)

    def rows(self, _: Sequence[Sheet]) -> Iterator[Row]:
        return self._parsed()

    def _parsed(self) -> Iterator[Row]:
        number = 0
        with text_of(self._opened, self._encoding) as text:
            for line in text:
                if line.strip():
                    number += 1
                    yield _row(number, line.strip())


def _row(number: int, line: str) -> Row:
    try:
        pairs = json.loads(line, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return Row(number, (LINE,), (line,), "no JSON")
    if not isinstance(pairs, _Pairs):
        return Row(number, (LINE,), (line,), "no JSON object")
    names = tuple(_whole(name) for name, _ in pairs)
    if len(set(names)) < len(names):
        return Row(number, (LINE,), (line,), "a name stands twice in the object")
    return Row(number, names, [_text(value) for _, value in pairs], None)


class _Pairs(list[tuple[str, Any]]):
    """An object as it stands, so that a name that is there twice is seen."""


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value if value is None else _whole(value)
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {name: _plain(item) for name, item in value}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _whole(text: str) -> str:
    """The text without halves of surrogate pairs, which JSON can escape and no file can hold."""
    return text.encode("utf-8", "replace").decode()
