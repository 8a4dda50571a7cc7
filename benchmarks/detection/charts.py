"""Scores as charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.detection.scoring import Scores, Verdicts, detection_curve
from benchmarks.detection.world import World

RATES = np.array([0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1])
FORMATS = ("png", "svg")


def draw_curves(path: Path, title: str, judged: Sequence[tuple[World, Verdicts]]) -> None:
    """Probability of detection against the pooled false positive rate, a line per method.

    Args:
        path: file name without ending; a PNG and an SVG are written.
        title: of the chart.
        judged: methods with the series that they judged.
    """
    figure, axes = _canvas(title)
    for world, verdicts in judged:
        axes.plot(100 * RATES, 100 * detection_curve(world, verdicts, RATES), marker=".", label=verdicts.method)
    axes.axvline(1, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xscale="log", xlabel="false positive rate, %", ylabel="probability of detection, %", ylim=(0, 100))
    axes.set_xticks([0.1, 0.2, 0.5, 1, 2, 5, 10], ["0.1", "0.2", "0.5", "1", "2", "5", "10"])
    _save(figure, axes, path)


def draw_sizes(path: Path, title: str, scores: Sequence[Scores]) -> None:
    """Probability of detection by size of the outbreak, a line per method."""
    figure, axes = _canvas(title)
    for one in scores:
        axes.plot(list(one.by_k), [100 * found for found in one.by_k.values()], marker=".", label=one.method)
    axes.set(xlabel="size k, standard deviations", ylabel="probability of detection, %", ylim=(0, 100))
    _save(figure, axes, path)


def draw_scenarios(path: Path, title: str, scores: Sequence[Scores]) -> None:
    """Probability of detection and false positive rate by scenario, a point per method."""
    figure = Figure(figsize=(13, 6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True)
    for one in scores:
        numbers = list(one.by_scenario)
        upper.plot(numbers, [100 * found for _, found in one.by_scenario.values()], marker=".", lw=0.6, label=one.method)
        lower.plot(numbers, [100 * rate for rate, _ in one.by_scenario.values()], marker=".", lw=0.6)
    upper.set(title=title, ylabel="POD, %", ylim=(0, 102))
    lower.set(xlabel="scenario", ylabel="FPR, %")
    lower.axhline(1, color="grey", linewidth=0.8, linestyle=":")
    _save(figure, upper, path)


def _canvas(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(10, 5.5), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    axes.grid(alpha=0.3)
    return figure, axes


def _save(figure: Figure, axes: Axes, path: Path) -> None:
    # Beside the axes: lines cross them from edge to edge.
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper", fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    for ending in FORMATS:
        figure.savefig(path.with_suffix(f".{ending}"), dpi=130)
