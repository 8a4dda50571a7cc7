"""Power and false alarms of the space-time scan beside SaTScan's method on the same simulated days; seconds included.

A day is thirty days of cases at many places of unequal volume. On half of the days several neighbouring places have more
cases than usual over the last 1, 3 or 7 days, by so much that SaTScan's method (maximum over all circles, p-value by 999
permutations) finds about half of them. It is run by the same code with its settings, which agree with SaTScan's published
example to the last digit; its seconds are therefore ours.

Power is told at equal false alarms: each method alarms below that p-value which 5 % of its days without a cluster fall below.
How many of them fall below 0.05 is told as well, since a user has no days without a cluster to go by.

    python -m benchmarks.detection.space_time
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from models.detection.scan_zones import Neighbours
from models.detection.space_time import ScanResult, SpaceTimeScan
from warehouse.geography import coordinates, places

N_DAYS = 30
LEVEL = 0.05
SIZES = (2, 4, 8, 16)
LENGTHS = (1, 3, 7)
SATSCAN = SpaceTimeScan(permutations=999, empty_centres=True)
OURS = SpaceTimeScan()

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What is simulated.

    Attributes:
        name: as told.
        cases: mean of all cases in the study period.
        n_places: places in clumps, or None for China's cities.
        strength: information of a cluster, the expected log likelihood ratio of its very cylinder.
        round: whether a cluster is made of the nearest places, or strays from one to a next.
    """

    name: str
    cases: int
    n_places: int | None
    strength: float
    round: bool = True


WORLDS = (
    World("150 places, 600 cases", 600, 150, 9.2),
    World("190 places, 250 cases", 250, 190, 9.8),
    World("150 places, 600 cases, straying", 600, 150, 10.0, round=False),
    World("150 places, 2,000 cases", 2000, 150, 9.2),
    World("China's cities, 600 cases", 600, None, 9.8),
)


@dataclass(frozen=True)
class Score:
    """How a method did in a world: shares of days, and the median of its seconds for one."""

    method: str
    false_alarms: float
    power: float
    power_nominal: float
    seconds: float


@dataclass(frozen=True)
class Comparison:
    """All methods in a world."""

    world: World
    days: int
    scores: tuple[Score, ...]

    def __str__(self) -> str:
        error = 100 * np.sqrt(0.25 / self.days)
        lines = [f"{self.world.name} ({self.days} days with a cluster, {self.days} without; standard error {error:.1f} points)"]
        lines += [
            f"  {score.method:<38} power {score.power:6.1%}   at p <= {LEVEL}: power {score.power_nominal:6.1%},"
            f" false alarms {score.false_alarms:5.1%}   {score.seconds * 1000:6.1f} ms"
            for score in self.scores
        ]
        return "\n".join(lines)


def run(worlds: tuple[World, ...] = WORLDS, days: int = 400, seed: int = 1) -> list[Comparison]:
    """Score all methods in all worlds.

    Args:
        worlds: to be simulated.
        days: with a cluster, and as many without.
        seed: of the simulation.
    """
    return [_compare(world, days, seed) for world in worlds]


def _compare(world: World, days: int, seed: int) -> Comparison:
    methods: dict[str, tuple[SpaceTimeScan, Callable[[ScanResult], float]]] = {
        "SaTScan's: maximum, 999 permutations": (SATSCAN, lambda result: _first(result, "monte_carlo_p_value")),
        "maximum, 199 permutations and Gumbel": (OURS, lambda result: _first(result, "p_value")),
        "average, 199 permutations": (OURS, lambda result: result.p_value),
    }
    found: dict[str, list[float]] = {name: [] for name in methods}
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for number, (cases, neighbours) in enumerate(_days(world, days, seed)):
        results: dict[SpaceTimeScan, tuple[ScanResult, float]] = {}
        for name, (scan, p_value) in methods.items():
            if scan not in results:
                start = time.perf_counter()
                result = scan.judge(cases, neighbours, seed=number)
                results[scan] = result, time.perf_counter() - start
            found[name].append(p_value(results[scan][0]))
            seconds[name].append(results[scan][1])
    scores = (_score(name, np.array(found[name]), float(np.median(seconds[name]))) for name in methods)
    return Comparison(world, days, tuple(scores))


def _first(result: ScanResult, field: str) -> float:
    return float(getattr(result.clusters[0], field)) if result.clusters else 1.0


def _score(method: str, p_values: Floats, seconds: float) -> Score:
    """Days with and without a cluster come in turns."""
    with_cluster, without = p_values[::2], p_values[1::2]
    threshold = np.quantile(without, LEVEL, method="inverted_cdf")
    return Score(
        method,
        false_alarms=float((without <= LEVEL).mean()),
        power=float((with_cluster <= threshold).mean()),
        power_nominal=float((with_cluster <= LEVEL).mean()),
        seconds=seconds,
    )


def _days(world: World, days: int, seed: int) -> Iterator[tuple[NDArray[np.int64], Neighbours]]:
    rng = np.random.default_rng(seed)
    for number in range(days):
        neighbours = _geometry(world, rng)
        n_places = neighbours.order.shape[1]
        volume = rng.lognormal(0, 1, n_places)
        mean = np.repeat((world.cases * volume / volume.sum() / N_DAYS)[:, None], N_DAYS, axis=1)
        calm = rng.poisson(mean)
        size, length = SIZES[number % len(SIZES)], LENGTHS[number // len(SIZES) % len(LENGTHS)]
        zone = _zone(neighbours, int(rng.choice(n_places, p=volume / volume.sum())), size, world.round, rng)
        mean[zone, -length:] *= _relative_risk(float(mean[zone, -length:].sum()), world.strength)
        yield rng.poisson(mean), neighbours
        yield calm, neighbours


def _geometry(world: World, rng: np.random.Generator) -> Neighbours:
    if world.n_places is None:
        cities = [code for code in places() if not code.endswith("0000")]
        latitude, longitude = coordinates(cities).T
        return Neighbours.on_earth(latitude, longitude)
    middles = rng.uniform(0, 10, (12, 2))
    points = middles[rng.integers(0, len(middles), world.n_places)] + rng.normal(0, 1.2, (world.n_places, 2))
    return Neighbours.on_plane(points[:, 0], points[:, 1])


def _zone(neighbours: Neighbours, centre: int, size: int, is_round: bool, rng: np.random.Generator) -> list[int]:
    if is_round:
        return [int(place) for place in neighbours.order[centre, :size]]
    zone = [centre]
    while len(zone) < size:
        free = [int(place) for place in neighbours.order[zone[-1]] if place not in zone]
        zone.append(free[rng.integers(0, 2)])
    return zone


def _relative_risk(mean: float, strength: float) -> float:
    """The factor by which a cylinder with such a mean comes to an expected log likelihood ratio of `strength`."""
    return float(optimize.brentq(lambda risk: mean * (risk * np.log(risk) - risk + 1) - strength, 1.0, 1e6))


if __name__ == "__main__":
    for one in WORLDS:
        print(*run((one,)), flush=True)
