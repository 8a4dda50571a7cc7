"""Published methods on the very same series: R's package surveillance, and EARS in NumPy.

Höhle 2007, surveillance: an R package for the monitoring of infectious diseases, Computational Statistics 22; Salmon,
Schumacher & Höhle 2016, Journal of Statistical Software 70. EARS: Hutwagner et al. 2003, Journal of Urban Health 80.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.detection.scoring import Verdicts
from benchmarks.detection.world import Bools, Floats, Ints, World

SCRIPT = Path(__file__).with_name("references.R")
R_METHODS = {
    "farrington": "farringtonFlexible (R)",
    "bayes": "Bayes (R)",
    "cusum": "CUSUM (R)",
    "glrnb": "GLR NB (R)",
    "farrington_daily": "farringtonFlexible, days (R)",
    "farrington_short": "farringtonFlexible, 2 years (R)",
}
WEEKLY_METHODS = ("farrington", "bayes", "cusum", "glrnb")
EARS_BASELINE = 7
EARS_GUARD = 2
EARS_LIMITS = {"C1": 3.0, "C2": 3.0, "C3": 2.0}
# What a missing score is: below every score that means something.
NO_SCORE = -1e9
# A method that gives up on more of the series is not measured.
MOST_GIVEN_UP = 0.05


class ReferenceMissingError(Exception):
    """R or its package surveillance is not installed."""


@cache
def why_missing() -> str | None:
    """Why the methods of R cannot be run, None if they can."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed; the rows of R's package surveillance are left out"
    asked = subprocess.run(
        ["Rscript", "-e", 'cat(requireNamespace("surveillance", quietly = TRUE))'],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.stdout.strip() != "TRUE":
        return "R's package surveillance is not installed; its rows are left out"
    return None


def judge_with_r(world: World, method: str, wanted: Bools | None = None) -> Verdicts:
    """Judge a world with a method of R's package surveillance.

    Series without outbreak are judged in all judged weeks, series with it only in the outbreak's weeks; elsewhere their
    score is lower than any.

    Args:
        world: the series; weeks, but for `farrington_daily`.
        method: a key of `R_METHODS`.
        wanted: `n_series × judged`; other periods to judge the series with outbreak in.

    Raises:
        ReferenceMissingError: R or the package is not installed, the script failed, or the method gave up on many series.
    """
    reason = why_missing()
    if reason:
        raise ReferenceMissingError(reason)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wanted = world.outbreak_periods if wanted is None else wanted
        for file, values in (("quiet", world.quiet), ("counts", world.counts), ("wanted", wanted)):
            np.savetxt(folder / f"{file}.csv", values, fmt="%d", delimiter=",")
        done = subprocess.run(
            ["Rscript", str(SCRIPT), name, method],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        if done.returncode:
            raise ReferenceMissingError(f"{SCRIPT.name} {method} failed: {done.stderr.strip()[-500:]}")
        read = {file: _matrix(folder / f"{file}.csv") for file in ("quiet_score", "quiet_alarm", "score", "alarm", "seconds")}
    seconds, judged, given_up = read["seconds"].ravel()
    if given_up > MOST_GIVEN_UP * 2 * world.n_series:
        raise ReferenceMissingError(f"{SCRIPT.name} {method} gave up on {given_up:.0f} of {2 * world.n_series} series")
    return Verdicts(
        R_METHODS[method],
        np.nan_to_num(read["quiet_score"], nan=NO_SCORE, posinf=1e9, neginf=NO_SCORE),
        read["quiet_alarm"] == 1,
        np.nan_to_num(read["score"], nan=NO_SCORE, posinf=1e9, neginf=NO_SCORE),
        read["alarm"] == 1,
        1000 * seconds / judged,
    )


def _matrix(path: Path) -> Floats:
    return np.genfromtxt(path, delimiter=",", missing_values="NA", ndmin=2)


def judge_with_ears(world: World, variant: str) -> Verdicts:
    """Judge a world with EARS C1, C2 or C3: deviations from the mean of seven periods, in their standard deviations.

    Args:
        world: series of weeks or days.
        variant: `C1` compares with the seven periods just before, `C2` leaves two out between, `C3` adds what the C2 of
            the two periods before were above 1. Alarms lie above 3, 3 and 2.
    """
    start = time.process_time()
    quiet, with_outbreak = (ears(counts, world.judged, variant) for counts in (world.quiet, world.counts))
    spent = time.process_time() - start
    limit = EARS_LIMITS[variant]
    milliseconds = 1000 * spent / (2 * quiet.size)
    return Verdicts(f"EARS {variant}", quiet, _above(quiet, limit), with_outbreak, _above(with_outbreak, limit), milliseconds)


def ears(counts: Ints, judged: int, variant: str) -> Floats:
    """Statistic of the last `judged` periods, `n_series × judged`.

    Where all seven periods are alike the deviation is infinite (as a large number) for a higher count, else 0.
    """
    if variant == "C1":
        return _deviation(counts, judged, 0)
    if variant == "C2":
        return _deviation(counts, judged, EARS_GUARD)
    deviations = _deviation(counts, judged + 2, EARS_GUARD)
    over = np.maximum(deviations - 1, 0)
    return np.asarray(deviations[:, 2:].clip(min=0) + over[:, 1:-1] + over[:, :-2], dtype=float)


def _deviation(counts: Ints, judged: int, guard: int) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(counts.astype(float), EARS_BASELINE, axis=1)
    # The window that begins at i holds the periods before i + 7, so that it serves the period i + 7 + guard.
    last = counts.shape[1] - EARS_BASELINE - guard
    past = windows[:, last - judged : last]
    excess = counts[:, -judged:] - past.mean(axis=2)
    spread = past.std(axis=2, ddof=1)
    flat = np.where(excess > 0, 1e6 * excess, 0.0)
    return np.where(spread > 0, excess / np.where(spread > 0, spread, 1.0), flat)


def _above(score: Floats, limit: float) -> Bools:
    return np.asarray(score > limit)
