"""Reading the reviewed data files that ship with the package."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.errors import RadarError

ROOT = Path(__file__).parent
# The parser in C reads the same in a fifth of the time, which every process that judges complaints begins with.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The parsed YAML file.

    Raises:
        RadarError: the file is missing or not YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError as error:
        raise RadarError(f"{path} is missing") from error
    except yaml.YAMLError as error:
        raise RadarError(f"{path} is not valid YAML: {str(error).splitlines()[0]}") from error


@cache
def reference_yaml(name: str) -> Any:
    """A file of `warehouse/reference/`, parsed once. Callers must not change what they get."""
    return read_yaml(ROOT / "reference" / f"{name}.yml")


def reference_rows(name: str) -> list[dict[str, str]]:
    """The rows of a reference CSV; lines that start with `#` are its header of source and date."""
    with (ROOT / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def reference_lines(name: str) -> list[str]:
    """The lines of a reference word list, without comments and blank lines."""
    text = (ROOT / "reference" / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def reference_version(*names: str) -> str:
    """Twelve hex digits that change whenever one of the named reference files does."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((ROOT / "reference" / name).read_bytes())
    return digest.hexdigest()[:12]
