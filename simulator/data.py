"""The world's data files, parsed once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent / "world"


@cache
def world(name: str) -> Any:
    """A file of `simulator/world/`. Callers must not change what they get."""
    return yaml.load((ROOT / f"{name}.yml").read_text(encoding="utf-8"), Loader=_LOADER)


@cache
def product_entries() -> list[dict[str, Any]]:
    """Every product and service of `simulator/world/products/`, in the order of the files' names."""
    return [entry for path in sorted((ROOT / "products").glob("*.yml")) for entry in world(f"products/{path.stem}")]


@cache
def place_rows() -> list[dict[str, str]]:
    """The counties of `places.csv`."""
    with (ROOT / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


# libyaml reads the vocabulary ten times as fast as the pure Python loader, to the same result.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
