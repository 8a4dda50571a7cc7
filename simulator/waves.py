"""Slow random swings of what is complained about and where: without them every series would be as even as dice make it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from simulator.data import world
from simulator.seeds import Floats, stream


@dataclass(frozen=True)
class Wave:
    """Factors that drift over the weeks, each on its own; log-normal with mean 1.

    A factor's level is drawn every `waves.days` of the calibration. In between it turns from one level to the next, such
    that its spread is the same on every day.

    Attributes:
        seed: of the world.
        name: key of its spread in `waves`.
        size: number of factors.
    """

    seed: int
    name: str
    size: int

    def factors(self, day: dt.date) -> Floats:
        """The factors of a day; they depend on the seed and the day alone."""
        calibration = world("calibration")["waves"]
        sigma = calibration[self.name]
        level, since = divmod(day.toordinal(), calibration["days"])
        turn = np.pi / 2 * since / calibration["days"]
        swing = np.cos(turn) * self._level(level) + np.sin(turn) * self._level(level + 1)
        return np.asarray(np.exp(sigma * swing - sigma**2 / 2), dtype=np.float64)

    def _level(self, number: int) -> Floats:
        return stream(self.seed, "wave", self.name, str(number)).standard_normal(self.size)
