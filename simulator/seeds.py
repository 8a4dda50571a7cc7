"""Random streams that depend on the seed and on what they are for, never on who draws first."""

from __future__ import annotations

import datetime as dt
import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def stream(seed: int, *purpose: str | dt.date) -> np.random.Generator:
    """The generator of random numbers for one purpose, such as `stream(7, "draft", day)`."""
    words = [zlib.crc32(str(part).encode()) for part in purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def shares(weights: ArrayLike) -> Floats:
    """The weights as probabilities along the last axis."""
    table = np.asarray(weights, dtype=np.float64)
    return np.asarray(table / table.sum(axis=-1, keepdims=True), dtype=np.float64)


def pick(rng: np.random.Generator, probabilities: Floats, size: int) -> Ints:
    """`size` places of a list with these probabilities."""
    return np.searchsorted(np.cumsum(probabilities)[:-1], rng.random(size), side="right").astype(np.int64)


def pick_rows(rng: np.random.Generator, table: Floats, rows: Ints) -> Ints:
    """For each of `rows` a column of `table`, whose rows are probabilities."""
    cumulative = np.cumsum(table, axis=1)[:, :-1]
    return np.asarray((rng.random(len(rows))[:, None] >= cumulative[rows]).sum(axis=1), dtype=np.int64)


def whole(rng: np.random.Generator, below: ArrayLike, size: int) -> Ints:
    """`size` whole numbers from 0 to below each of `below`."""
    return np.asarray(rng.random(size) * np.asarray(below), dtype=np.int64)
