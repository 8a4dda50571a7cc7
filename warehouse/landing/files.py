"""Landing files on disk: found by path or glob, known by the hash of their bytes, read by the reader of their type."""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from warehouse.errors import RadarError
from warehouse.landing.columnar import ParquetReader
from warehouse.landing.delimited import CsvReader
from warehouse.landing.excel import ExcelReader
from warehouse.landing.json_lines import JsonLinesReader
from warehouse.landing.rows import Opener, Reader, Row, Sheet
from warehouse.landing.text import CHUNK, encoding_of

FORMATS = {".csv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
SUFFIXES = (*FORMATS, *(f"{suffix}.gz" for suffix in FORMATS))
TEXT_FORMATS = ("csv", "jsonl")
# Spreadsheet programs and copying programs leave these beside the files they work on.
SCRATCH = ("~$", ".")


@dataclass(frozen=True)
class LandingFile:
    """A file whose bytes were read once, so that its hash, format, character set and headers are known.

    Attributes:
        path: where it lies.
        content_hash: SHA-256 of its bytes, compressed as they are.
        format: csv, xlsx, jsonl or parquet.
        encoding: character set in which all of it decodes; empty for formats that have their own.
        sheets: its tables that have rows.
        watermark_from, watermark_to: what an extract of a database covers; files have none.
    """

    path: Path
    content_hash: str
    format: str
    encoding: str
    sheets: tuple[Sheet, ...]
    watermark_from: str | None = None
    watermark_to: str | None = None

    @classmethod
    def open(cls, path: Path, known: Collection[str] = ()) -> LandingFile:
        """Read a file through once.

        Args:
            path: the file.
            known: names of columns, by which a header is told from titles above it.

        Raises:
            RadarError: it is missing, empty, of another type, damaged, not text in a known character set, or its header
                is unusable.
        """
        suffix = path.name.lower().removesuffix(".gz")
        format_name = next((name for end, name in FORMATS.items() if suffix.endswith(end)), None)
        if format_name is None:
            raise RadarError(f"{path.name}: not a file type that is read ({', '.join(FORMATS)}, each also as .gz)")
        try:
            content_hash = _hash(path)
            encoding = encoding_of(partial(_bytes, path), path.name) if format_name in TEXT_FORMATS else ""
            found = _reader(path, format_name, encoding).sheets(known)
        except OSError as error:
            raise RadarError(f"{path}: cannot be read: {error.strerror or error}") from error
        except (EOFError, zlib.error) as error:
            raise RadarError(f"{path.name}: the compressed file is damaged or cut off") from error
        sheets = tuple(sheet for sheet in found if sheet.header)
        if not sheets:
            raise RadarError(f"{path.name}: empty file, there is no row below the header")
        return cls(path, content_hash, format_name, encoding, sheets)

    @property
    def name(self) -> str:
        """What the ledger calls it."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """The rows of its sheets, one after the other; blank lines are no rows.

        Raises:
            RadarError: the file cannot be cut into rows.
        """
        return _reader(self.path, self.format, self.encoding).rows(self.sheets)


def find_files(pattern: str) -> list[Path]:
    """The landing files that a path names: a file, a folder with such files, or a glob; sorted.

    Raises:
        RadarError: it names none.
    """
    path = Path(pattern)
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file() and _is_landing(file.name)]
    elif path.exists():
        found = [path]
    else:
        found = [Path(name) for name in glob.glob(pattern, recursive=True) if Path(name).is_file()]
    if not found:
        raise RadarError(f"{pattern}: there is no such file, or no file of the types {', '.join(FORMATS)} (.gz) in it")
    return sorted(found)


def _is_landing(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and not name.startswith(SCRATCH)


def _reader(path: Path, format_name: str, encoding: str) -> Reader:
    opened: Opener = partial(_bytes, path)
    if format_name == "csv":
        return CsvReader(opened, encoding, path.name)
    if format_name == "jsonl":
        return JsonLinesReader(opened, encoding)
    # Both formats are read from their end; a compressed file cannot be entered there.
    seekable: Opener = partial(_unpacked, path)
    return ExcelReader(seekable, path.name) if format_name == "xlsx" else ParquetReader(seekable, path.name)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _bytes(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if _is_compressed(path) else path.open("rb")  # type: ignore[return-value]


def _unpacked(path: Path) -> BinaryIO:
    if not _is_compressed(path):
        return path.open("rb")
    with gzip.open(path, "rb") as file:
        return io.BytesIO(file.read())


def _is_compressed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")
