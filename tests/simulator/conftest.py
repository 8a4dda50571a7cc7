"""Two worlds, each written once: a province by day with incidents, and a year of the nation without."""

import csv
import datetime as dt
import json
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from simulator.data import product_entries, world
from simulator.generate import simulate
from simulator.scenario import preset

SEED = 7


@pytest.fixture(scope="session")
def province(tmp_path_factory):
    """Two hundred days of a province with the demo's incidents, a CSV file per day; read with the standard library alone."""
    folder = tmp_path_factory.mktemp("province")
    scenario = preset("demo", first=dt.date(2026, 4, 30), scale=0.6, by="day", encoding="utf-8-sig")
    made = simulate(scenario, SEED, folder, workers=1)
    header, lines = None, []
    for path in made.files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        day = dt.date.fromisoformat(path.stem.removeprefix("12315-"))
        lines += [(day, line) for line in rows]
    whole = [{**dict(zip(header, line, strict=True)), "export": day} for day, line in lines if len(line) == len(header)]
    valid = [row for row in whole if is_valid(row)]
    newest = {}
    for row in sorted(valid, key=lambda row: row["更新时间"]):
        newest[row["登记编号"]] = row
    return SimpleNamespace(
        scenario=scenario,
        made=made,
        header=header,
        lines=[line for _, line in lines],
        whole=whole,
        valid=valid,
        newest=newest,
        truth=json.loads(made.truth.read_text(encoding="utf-8")),
    )


def is_valid(row):
    """Whether a row has a number, a kind and a date: what every loader needs."""
    readable = row["登记日期"][:4] in ("2025", "2026") and row["登记日期"][5:7] <= "12"
    return row["登记编号"].isdigit() and row["类型"] in ("投诉", "举报") and readable


@pytest.fixture(scope="session")
def nation(tmp_path_factory):
    """The year 2024 of the whole nation, consultations included, as columns of pandas; no incident is planted."""
    scenario = preset(
        "national-year",
        first=dt.date(2024, 1, 1),
        last=dt.date(2024, 12, 31),
        scale=0.004,
        by="year",
        incidents=False,
    )
    made = simulate(scenario, SEED, tmp_path_factory.mktemp("nation"), workers=1)
    rows = pq.read_table(made.files[0]).to_pandas()
    valid = rows[rows["登记编号"].str.fullmatch(r"\d{22}", na=False) & rows["类型"].isin(["投诉", "举报", "咨询"])]
    valid = valid.drop_duplicates("登记编号").reset_index(drop=True)
    return valid.assign(客体分类=valid["客体分类"].map(class_of_label()))


def class_of_label():
    """Classes of the calibration by what forms call them."""
    calibration = world("calibration")
    classes = {name: name for part in ("goods", "services") for name in calibration[part]}
    labels = {label: name for name, label in calibration["class_labels"].items()}
    products = {entry["name"]: entry["class"] for entry in product_entries()}
    return classes | labels | {label: products[name] for name, label in calibration["product_labels"].items()}
