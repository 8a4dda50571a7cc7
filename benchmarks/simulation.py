"""Complaints per second of the simulator, beside writing them one by one, and its memory as the world grows."""

from __future__ import annotations

import csv
import datetime as dt
import multiprocessing
import os
import random
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.memory import own_peak
from benchmarks.pairs import Comparison, compare
from simulator.catalogue import catalogue
from simulator.data import product_entries, world
from simulator.generate import simulate
from simulator.pools import CHOICE
from simulator.rows import EXTENDED
from simulator.scenario import Scenario, preset

SEED = 1
DAYS = 60
SCALE = 0.1
MEMORY_DAYS = (15, 60)


def scenario(days: int, scale: float) -> Scenario:
    """So many days of the nation, exported by day as CSV, without incidents."""
    last = dt.date(2026, 11, 15)
    first = last - dt.timedelta(days=days - 1)
    return preset("national-year", first=first, last=last, scale=scale, format="csv", incidents=False, consultations=False)


def run() -> Comparison:
    """Rows of a large province through the simulator on all cores, against a plain loop over `csv.DictWriter`."""
    with tempfile.TemporaryDirectory() as folder:
        (small, few), (large, many) = (_measured(scenario(days, SCALE)) for days in MEMORY_DAYS)
        print(f"simulation: {many / few:.1f} times the complaints take {large / small:.2f} times the memory ({large:.0f} MB)")
        world_of = scenario(DAYS, SCALE)
        start = time.perf_counter()
        done = simulate(world_of, SEED, Path(folder) / "ours")
        seconds = time.perf_counter() - start
        rate = done.complaints / seconds
        versions = done.rows / done.complaints
        print(f"simulation: {rate:,.0f} complaints/s with {versions:.2f} versions each, on {os.cpu_count()} cores")
        return compare(
            "simulation, rows, columns at a time against one by one",
            done.rows,
            lambda: simulate(world_of, SEED, Path(folder) / "ours"),
            lambda: _one_by_one(done.rows, Path(folder) / "plain.csv"),
        )


def _measured(world_of: Scenario) -> tuple[float, int]:
    """Peak memory in megabytes of a fresh process that simulates a scenario, and the complaints in it."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_simulated, (world_of,))


def _simulated(world_of: Scenario) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder:
        complaints = simulate(world_of, SEED, Path(folder), workers=1).complaints
    return own_peak(), complaints


def _one_by_one(count: int, path: Path) -> None:
    """What one would write in an hour: a row at a time from the same words, without dependencies between rows."""
    rng, entries, shares = random.Random(SEED), product_entries(), np.cumsum(catalogue().share).tolist()
    phrases, names, frames = world("phrases"), world("merchants"), world("frames")["app"]
    demands = list(phrases["demands"])
    spoken = {"reply": phrases["replies"], "closing": phrases["closings"], "emoji": phrases["emoji"]}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EXTENDED)
        writer.writeheader()
        for number in range(count):
            entry = rng.choices(entries, cum_weights=shares)[0]
            issue, amount = rng.choice(list(entry["faults"])), f"{rng.lognormvariate(5.5, 1.0):.2f}"
            moment = dt.datetime(2026, 1, 1) + dt.timedelta(seconds=rng.randrange(300 * 86_400))
            demand, merchant = rng.choice(demands), rng.choice(names["words"]) + rng.choice(names["online_kinds"]["otherwise"])
            slots = {name: _read(rng, rng.choice(texts)) for name, texts in spoken.items()}
            slots |= {
                "opening": rng.choice(phrases["openings"]["app"]),
                "bought": f"花{amount}元在{merchant}{entry.get('verb', '买了')}{entry['name']}",
                "fault": _read(rng, rng.choice(entry["faults"][issue])),
                "detail": _read(rng, rng.choice(phrases["details"]["goods"])),
                "demand": _read(rng, rng.choice(phrases["demands"][demand])),
                "contact": f"电话154{rng.randrange(10**8):08d}。",
                "day": f"{moment.month}月{moment.day}日",
                "aside": "",
            }
            row = dict.fromkeys(EXTENDED, "") | {
                "登记编号": f"{moment:%Y%m%d}{number:08d}",
                "类型": rng.choice(["投诉", "举报"]),
                "登记日期": f"{moment:%Y-%m-%d %H:%M:%S}",
                "更新时间": f"{moment + dt.timedelta(days=rng.randrange(30)):%Y-%m-%d %H:%M:%S}",
                "企业名称": merchant,
                "诉求内容": demand,
                "问题类别": issue,
                "商品/服务名称": rng.choice([entry["name"], *entry.get("also", [])]),
                "消费金额": amount,
                "具体问题": rng.choice(frames).format(**slots),
                "反馈内容": _read(rng, rng.choice(phrases["feedback"]["已受理"])),
            }
            writer.writerow(row)


def _read(rng: random.Random, sentence: str) -> str:
    return CHOICE.sub(lambda choice: rng.choice(choice[1].split("|")), sentence)
