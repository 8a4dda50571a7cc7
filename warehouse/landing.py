"""Landing files: finding them, knowing them by content, reading their rows as they are."""

from __future__ import annotations

import codecs
import csv
import glob
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.errors import RadarError

SUFFIXES = (".csv", ".csv.gz")
# In the order of trial; GB18030 accepts most byte strings, so it comes after UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")
CHUNK = 1 << 20
# A cell beyond this is an unclosed quote that swallowed the rows behind it.
LONGEST_CELL = 1 << 17


@dataclass(frozen=True)
class Row:
    """A row as it arrived: cells by header, and what was wrong with its structure."""

    number: int
    cells: dict[str, str]
    problem: str | None


@dataclass(frozen=True)
class LandingFile:
    """A file whose bytes were read once, so that its hash, character set and header are known.

    Attributes:
        path: where it lies.
        content_hash: SHA-256 of its bytes, compressed as they are.
        encoding: character set in which all of it decodes.
        header: column names, in order.
    """

    path: Path
    content_hash: str
    encoding: str
    header: tuple[str, ...]

    @classmethod
    def open(cls, path: Path) -> LandingFile:
        """Read a file through once.

        Raises:
            RadarError: it is missing, empty, of another type, not text in a known character set, or its header is unusable.
        """
        if not path.name.lower().endswith(SUFFIXES):
            raise RadarError(f"{path.name}: not a file type that is read ({', '.join(SUFFIXES)})")
        try:
            content_hash = _hash(path)
            encoding = _encoding(path)
            with _text(path, encoding) as text:
                header = _header(csv.reader(text), path.name)
                if not any(csv.reader(text)):
                    raise RadarError(f"{path.name}: empty file, there is no row below the header")
        except OSError as error:
            raise RadarError(f"{path}: cannot be read: {error.strerror or error}") from error
        except csv.Error as error:
            raise RadarError(f"{path.name}: not a readable CSV file: {error}") from error
        return cls(path, content_hash, encoding, header)

    def rows(self) -> Iterator[Row]:
        """The rows below the header, one after the other; blank lines are no rows.

        Raises:
            RadarError: the file cannot be cut into rows.
        """
        width = len(self.header)
        with _text(self.path, self.encoding) as text:
            reader = csv.reader(text)
            next(reader)
            number = 0
            try:
                for cells in reader:
                    if not cells:
                        continue
                    number += 1
                    problem = None if len(cells) == width else f"{len(cells)} cells, {width} expected"
                    surplus = {f"+{i}": cell for i, cell in enumerate(cells[width:], 1)}
                    yield Row(number, dict(zip(self.header, cells, strict=False)) | surplus, problem)
            except csv.Error as error:
                raise RadarError(f"{self.path.name}: row {number + 1}: {error}") from error


def find_files(pattern: str) -> list[Path]:
    """The landing files that a path names: a file, a folder with such files, or a glob; sorted.

    Raises:
        RadarError: it names none.
    """
    path = Path(pattern)
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file() and file.name.lower().endswith(SUFFIXES)]
    elif path.exists():
        found = [path]
    else:
        found = [Path(name) for name in glob.glob(pattern, recursive=True) if Path(name).is_file()]
    if not found:
        raise RadarError(f"{pattern}: there is no such file, or no file of the types {', '.join(SUFFIXES)} in it")
    return sorted(found)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _binary(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _text(path: Path, encoding: str) -> io.TextIOWrapper:
    csv.field_size_limit(LONGEST_CELL)
    return io.TextIOWrapper(_binary(path), encoding=encoding, newline="")


def _encoding(path: Path) -> str:
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        empty = True
        try:
            with _binary(path) as file:
                while chunk := file.read(CHUNK):
                    empty = empty and not chunk.strip()
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except (EOFError, zlib.error) as error:
            raise RadarError(f"{path.name}: the compressed file is damaged or cut off") from error
        if empty:
            raise RadarError(f"{path.name}: empty file")
        return encoding
    raise RadarError(f"{path.name}: neither UTF-8 nor GB18030 text (wrong encoding)")


def _header(reader: Iterator[list[str]], name: str) -> tuple[str, ...]:
    cells = next(reader, [])
    header = tuple(cell.strip() or f"column {i}" for i, cell in enumerate(cells, 1))
    twice = {column for column in header if header.count(column) > 1}
    if twice:
        raise RadarError(f"{name}: the header names {sorted(twice)[0]} twice")
    return header
