"""The parts of the benchmark: which methods judge which series, and what of it is printed and drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console

from benchmarks.detection import calendar_alarms, labelled_outbreaks, recall_leads
from benchmarks.detection.charts import draw_curves, draw_scenarios, draw_sizes
from benchmarks.detection.daily_references import judge_sums_with_farrington, judge_with_essence, judge_with_regression
from benchmarks.detection.daily_world import daily_world
from benchmarks.detection.discovery import discoveries
from benchmarks.detection.learners import judge_with_learners
from benchmarks.detection.methods import judge_each, judge_world, oracle
from benchmarks.detection.real_series import REAL_DATA, DataMissingError
from benchmarks.detection.references import (
    WEEKLY_METHODS,
    ReferenceMissingError,
    judge_with_ears,
    judge_with_r,
)
from benchmarks.detection.scoring import Scores, Verdicts, detection_gain, matched_scores, own_scores
from benchmarks.detection.tables import (
    discovery_table,
    event_table,
    labelled_table,
    lead_table,
    percent,
    score_table,
    size_table,
)
from benchmarks.detection.weekly_world import weekly_world
from benchmarks.detection.world import World

# A day's judgement by R takes so long that it sees these replicates only.
R_DAILY_REPLICATES = 8
# False discoveries are rare among few series: so many times as many are judged.
DISCOVERY_FACTOR = 5


@dataclass(frozen=True)
class Options:
    """What the command was asked for.

    Attributes:
        output: folder of charts and tables.
        replicates: series per scenario of the weekly worlds.
        daily_replicates: series per signal of the daily world.
        seed: of the worlds.
        with_r: whether to run the methods of R, which take most of the time.
        each: whether to judge ours also with every series in a table of its own.
        data: folder of the real data.
    """

    output: Path
    replicates: int = 20
    daily_replicates: int = 20
    seed: int = 1
    with_r: bool = True
    each: bool = False
    data: Path = REAL_DATA


Method = Callable[[], tuple[World, Verdicts]]


def weekly(console: Console, options: Options) -> None:
    """The 42 scenarios of weekly counts."""
    world = weekly_world(options.replicates, seed=options.seed)
    methods: list[Method] = [lambda: (world, judge_world(world)), *_published_weekly(world, options)]
    if options.each:
        methods.append(lambda: (world, judge_each(world, method="Complaint Radar, one series a table")))
    _compare(console, options, "weekly", f"42 scenarios, {world.n_series} series", world, methods)


def calendar(console: Console, options: Options) -> None:
    """The same with the peaks and dips of the Chinese consumer calendar."""
    world = weekly_world(options.replicates, seed=options.seed, calendar=True)
    methods: list[Method] = [
        lambda: (world, judge_world(world, calendar="cn")),
        lambda: (world, judge_world(world, method="Complaint Radar without calendar")),
        *_published_weekly(world, options),
    ]
    if options.each:
        methods.append(lambda: (world, judge_each(world, calendar="cn", method="Complaint Radar, one series a table")))
    _compare(console, options, "calendar", f"42 scenarios with consumer calendar, {world.n_series} series", world, methods)


def daily(console: Console, options: Options) -> None:
    """The sixteen daily signals."""
    world = daily_world(options.daily_replicates, seed=options.seed)
    methods: list[Method] = [
        lambda: (world, judge_world(world, holidays=world.holidays)),
        lambda: (world, judge_world(world, method="Complaint Radar, holidays untold")),
        lambda: (world, judge_with_regression(world)),
        lambda: (world, judge_with_essence(world)),
        lambda: (world, judge_with_ears(world, "C2")),
    ]
    if options.with_r:
        few = world.rows(np.flatnonzero(np.arange(world.n_series) % options.daily_replicates < R_DAILY_REPLICATES))
        methods.append(lambda: (few, judge_sums_with_farrington(few)))
    if options.each:
        methods.append(lambda: (world, judge_each(world, method="Complaint Radar, one series a table, holidays untold")))
    _compare(console, options, "daily", f"16 daily signals, {world.n_series} series", world, methods)


def learners(console: Console, options: Options) -> None:
    """Gradient boosting and an isolation forest on the weekly scenarios, plain and with the consumer calendar."""
    for name, chinese in (("none", False), ("cn", True)):
        world = weekly_world(options.replicates, seed=options.seed, calendar=chinese)
        methods: list[Method] = [partial(_with, world, partial(judge_world, world, calendar=name))]
        methods += [partial(_judged, world, verdicts) for verdicts in judge_with_learners(world, calendar=name)]
        kind = "calendar" if chinese else "weekly"
        _compare(console, options, f"learners-{kind}", f"scikit-learn, {kind}, {world.n_series} series", world, methods)


def discovery(console: Console, options: Options) -> None:
    """Thousands of series a week: what the false discovery rate really is."""
    world = weekly_world(DISCOVERY_FACTOR * options.replicates, seed=options.seed)
    found = [discoveries(world, verdicts) for verdicts in (oracle(world), judge_world(world))]
    console.print(discovery_table(f"{world.n_series} series a week, Benjamini-Hochberg at 10 %", found))


def real(console: Console, options: Options) -> None:
    """Series of the real world: labelled outbreaks, complaints before recalls, the Spring Festival and 15 March."""
    for part in (_labelled, _recalls, _events):
        try:
            part(console, options)
        except DataMissingError as error:
            console.print(f"left out: {error}")


SECTIONS: dict[str, Callable[[Console, Options], None]] = {
    "weekly": weekly,
    "calendar": calendar,
    "daily": daily,
    "learners": learners,
    "discovery": discovery,
    "real": real,
}


def _published_weekly(world: World, options: Options) -> list[Method]:
    methods: list[Method] = [partial(_with, world, partial(judge_with_ears, world, name)) for name in ("C1", "C2", "C3")]
    if options.with_r:
        methods += [partial(_with, world, partial(judge_with_r, world, name)) for name in WEEKLY_METHODS]
    return methods


def _judged(world: World, verdicts: Verdicts) -> tuple[World, Verdicts]:
    return world, verdicts


def _with(world: World, judge: Callable[[], Verdicts]) -> tuple[World, Verdicts]:
    return world, judge()


def _compare(console: Console, options: Options, name: str, title: str, world: World, methods: Sequence[Method]) -> None:
    """Judge, print the tables, write charts and the scores as CSV."""
    judged: list[tuple[World, Verdicts]] = [(world, oracle(world))]
    for method in methods:
        try:
            judged.append(method())
        except ReferenceMissingError as error:
            console.print(f"left out: {error}")
    matched = [matched_scores(own, verdicts) for own, verdicts in judged]
    alarmed = [own_scores(own, verdicts) for own, verdicts in judged]
    console.print(score_table(f"{title}, at 1 % false positive rate", matched, world.frequency))
    console.print(score_table(f"{title}, at own thresholds", alarmed, world.frequency))
    console.print(size_table(f"{title}, POD % by size of the outbreak, at 1 % false positive rate", matched))
    ours = judged[1][1]
    for own, verdicts in judged:
        if own is world and verdicts is not ours:
            gain = detection_gain(world, ours, verdicts)
            console.print(f"{ours.method} less {verdicts.method}: POD {percent(gain)} points")
    draw_curves(options.output / f"{name}-curves", title, judged)
    draw_sizes(options.output / f"{name}-sizes", f"{title}, at 1 % false positive rate", matched)
    draw_scenarios(options.output / f"{name}-scenarios", f"{title}, at 1 % false positive rate", matched)
    _write(options.output / f"{name}.csv", {"matched": matched, "own": alarmed})


def _write(path: Path, scores: dict[str, list[Scores]]) -> None:
    rows = [
        {
            "alarms": kind,
            "method": one.method,
            "fpr": one.false_positive_rate.value,
            "fpr_error": one.false_positive_rate.error,
            "pod": one.detection.value,
            "pod_error": one.detection.error,
            "pod_first": one.first_period.value,
            "sensitivity": one.sensitivity.value,
            "timeliness": one.timeliness.value,
            "worst_fpr": one.worst_scenario[0],
            "worst_scenario": one.worst_scenario[1],
            "milliseconds": one.milliseconds,
        }
        for kind, all_of_kind in scores.items()
        for one in all_of_kind
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(path, index=False)


def _labelled(console: Console, options: Options) -> None:
    labelled = labelled_outbreaks.load(options.data)
    in_order, _ = labelled_outbreaks.measure_in_order(labelled)
    turned, missing = labelled_outbreaks.measure_with_later_years(labelled, with_r=options.with_r)
    console.print(labelled_table("Seven labelled series, in their order", in_order))
    console.print(labelled_table("Seven labelled series, the later years as history", turned))
    _say(console, missing)
    rows = [{"history": name, **asdict(one)} for name, scores in (("before", in_order), ("later", turned)) for one in scores]
    options.output.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(options.output / "labelled.csv", index=False)


def _recalls(console: Console, options: Options) -> None:
    recalls = recall_leads.load(options.data)
    found, missing = recall_leads.measure(recalls, with_r=options.with_r)
    console.print(lead_table(f"Complaints before recalls, {len(recalls.counts)} series of make, model and component", found))
    _say(console, missing)
    options.output.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([asdict(one) for one in found]).to_csv(options.output / "recalls.csv", index=False)


def _events(console: Console, options: Options) -> None:
    found = calendar_alarms.measure(calendar_alarms.load(options.data))
    console.print(event_table("Chinese car complaints 2024: alarms in calendar events and else", found))


def _say(console: Console, reasons: Sequence[str]) -> None:
    for reason in reasons:
        console.print(f"left out: {reason}")
