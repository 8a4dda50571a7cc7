"""Merchants in the warehouse: the same tables however the complaints arrive, and after a run that died."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pyspark.sql import functions as F
from silver_rows import NINGBO, arrive, load, settle, told

from features.merchants.credit_codes import ALPHABET, credit_code_is_valid
from features.merchants.tables import MERCHANTS, NAMES
from features.profiles import PROFILE, respondents
from jobs.aggregate import aggregate
from jobs.enrich import enrich
from jobs.links import LINKS
from jobs.merchant_review import find_merchants, list_candidates
from jobs.merchants import pending_days, with_names
from jobs.publish import weekly_figures
from warehouse.errors import RadarError
from warehouse.home import Home
from warehouse.sources import SILVER
from warehouse.storage import Warehouse, to_dicts

STREAM = "hotline_12315"


def code(number: int) -> str:
    """A made-up credit code with the right check character."""
    body = f"91000000{number:08d}0"
    return next(body + check for check in ALPHABET if credit_code_is_valid(body + check))


A, B = code(1), code(2)


def content(warehouse, table: str, *dropped: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row.values())) for row in to_dicts(warehouse.read(table).drop(*dropped)))


def tables(warehouse) -> dict[str, list[tuple[str, ...]]]:
    """Everything that merchants bear on; only which load brought a complaint may differ."""
    others = (NAMES, MERCHANTS, "gold.complaint_counts", "gold.term_counts")
    links = {LINKS: content(warehouse, LINKS, "judged_load")}
    profiles = {PROFILE: content(warehouse, PROFILE, "judged_load")}
    return {**profiles, **links, **{table: content(warehouse, table) for table in others}}


def merchant_of(warehouse) -> dict[str, str | None]:
    rows = to_dicts(warehouse.read(PROFILE).select("complaint_id", "merchant"))
    return {row["complaint_id"]: row["merchant"] for row in rows}


def counted(warehouse) -> dict[tuple[str, str], int]:
    rows = warehouse.read("gold.complaint_counts").filter("level = 'merchant'").select("event_date", "merchant", "raw_count")
    return {(str(row["event_date"]), row["merchant"]): row["raw_count"] for row in to_dicts(rows)}


# Names without a code, of which some get one later; two codes under one name for a while; a company; an alias; nobody.
WORLD = [
    told(1, "鑫源食品店", day="2026-04-03"),
    told(2, "杭州鑫源食品店", day="2026-05-03"),
    told(3, "鑫源食品店", A, day="2026-06-01"),
    told(4, "福茂超市", day="2026-04-03"),
    told(5, "福茂超市", A, day="2026-05-03"),
    told(6, "福茂超市", B, day="2026-06-02"),
    told(7, "福茂超市", None, NINGBO, day="2026-06-02"),
    told(8, "宁波鑫源商贸有限公司", None, NINGBO, day="2026-04-04"),
    told(9, "鑫源商贸", None, NINGBO, day="2026-06-02"),
    told(10, "鑫源商贸", B, NINGBO, day="2026-06-03"),
    told(11, "拼多多", day="2026-05-03"),
    told(12, "上海寻梦信息技术有限公司", code(3), day="2026-06-03"),
    told(13, None, A, None, day="2026-06-03"),
    told(14, "不详", day="2026-06-03"),
    told(15, "鑫源食品店", None, None, day="2026-06-03", kind="咨询"),
]
# The officer finds out that complaint 6 is about another shop, and on which day it was.
CORRECTED = told(6, "福茂百货", B, day="2026-06-04")
FINAL = {row["complaint_id"]: row for row in [*WORLD, CORRECTED]}


def test_the_same_tables_at_once_in_increments_and_in_another_order(warehouse, spark, tmp_path):
    load(warehouse, list(FINAL.values()))
    at_once = tables(warehouse)
    assert merchant_of(warehouse) == {
        "N001": A, "N002": A, "N003": A, "N004": A, "N005": A, "N006": B, "N007": "330200:福茂超市", "N008": B, "N009": B,
        "N010": B, "N011": code(3), "N012": code(3), "N013": A, "N014": None, "N015": "unknown:鑫源食品店",
    }  # fmt: skip
    assert counted(warehouse)["2026-04-03", A] == 2
    # What is told before anything is judged is what profiles say.
    before = to_dicts(respondents(warehouse.read(SILVER)))
    assert len(before) == len(FINAL)
    profiles = to_dicts(warehouse.read(PROFILE).select(*before[0]))
    assert sorted(map(str, before)) == sorted(map(str, profiles))

    forth = Warehouse(spark, Home.at(tmp_path / "forth"))
    for part in (WORLD[:5], WORLD[5:11], [*WORLD[11:], CORRECTED]):
        load(forth, part)
    assert tables(forth) == at_once

    back = Warehouse(spark, Home.at(tmp_path / "back"))
    for part in (WORLD[:8:-1], WORLD[8::-1], [CORRECTED]):
        load(back, part)
    assert tables(back) == at_once


def test_what_is_told_later_moves_old_complaints_and_recounts_their_days(warehouse):
    load(warehouse, [told(1, "鑫源食品店", day="2026-04-03"), told(2, "福茂超市", day="2026-04-03")])
    assert counted(warehouse) == {("2026-04-03", "330100:鑫源食品店"): 1, ("2026-04-03", "330100:福茂超市"): 1}

    arrive(warehouse, [told(3, "鑫源食品店", A)])
    assert enrich(warehouse).reassigned == 1
    assert pending_days(warehouse) == [dt.date(2026, 4, 3), dt.date(2026, 6, 1)]
    assert aggregate(warehouse).days == [dt.date(2026, 4, 3), dt.date(2026, 6, 1)]
    assert counted(warehouse) == {("2026-04-03", A): 1, ("2026-04-03", "330100:福茂超市"): 1, ("2026-06-01", A): 1}
    (merchant,) = find_merchants(warehouse, "鑫源食品店")
    assert (merchant["merchant"], merchant["complaints"]) == (A, 2)
    assert [(entry["credit_code"], entry["basis"]) for entry in merchant["spellings"]] == [(None, "name_code"), (A, "code")]

    # Nothing new: nothing is written.
    versions = {table: warehouse.version(table) for table in (NAMES, MERCHANTS, PROFILE)}
    assert (enrich(warehouse).reassigned, aggregate(warehouse).days) == (0, [])
    assert {table: warehouse.version(table) for table in versions} == versions


def test_a_week_that_gives_codes_only_shows_the_name_that_other_weeks_gave(warehouse):
    named = told(1, "杭州蓝天电器有限公司", A, day="2026-05-04")
    load(warehouse, [{**row, "stream": STREAM} for row in (named, told(2, None, A), told(3, None, B))])
    week = with_names(warehouse, warehouse.read(PROFILE)).filter("event_date >= '2026-06-01'")
    shown = {row["merchant"]: row["merchant_name"] for row in to_dicts(week.select("merchant", "merchant_name"))}
    assert shown == {A: "杭州蓝天电器有限公司", B: None}
    report = weekly_figures(warehouse, STREAM, dt.date(2026, 6, 1))
    (ranking,) = (ranking for ranking in report.rankings if ranking.title == "被投诉主体")
    assert {row.name for row in ranking.rows} == {"杭州蓝天电器有限公司", B}


def test_the_offices_own_aliases_move_complaints_and_reject_pairs(warehouse):
    told_before = [told(1, "旧名超市", day="2026-04-03"), told(2, "鸿禧食品店", A), told(3, "鸿喜食品店", day="2026-05-03")]
    load(warehouse, told_before)
    (pair,) = list_candidates(warehouse)
    assert (pair["respondent"], pair["merchant"], pair["reason_zh"]) == ("330100:鸿喜食品店", A, "同音字")
    assert (pair["respondent_name"], pair["merchant_name"]) == ("鸿喜食品店", "鸿禧食品店")

    path = warehouse.home.folder("config") / "merchant_aliases.csv"
    path.write_text(
        f"verdict,respondent,merchant,source,reviewed\nsame,旧名超市,{A},letter,2026-06-01\n"
        f"different,{pair['respondent']},{pair['merchant']},letter,2026-06-01\n",
        encoding="utf-8",
    )
    enrich(warehouse)
    assert aggregate(warehouse).days == [dt.date(2026, 4, 3)]
    assert merchant_of(warehouse) == {"N001": A, "N002": A, "N003": "330100:鸿喜食品店"}
    assert counted(warehouse)["2026-04-03", A] == 1
    assert list_candidates(warehouse) == []

    path.write_text("verdict,respondent,merchant,source,reviewed\nsame,旧名超市,福茂,,\n", encoding="utf-8")
    with pytest.raises(RadarError, match="福茂 may be several"):
        enrich(warehouse)


def test_complaints_whose_names_were_read_by_other_words_are_read_again(warehouse):
    load(warehouse, WORLD[:4])
    before = tables(warehouse)
    stale = warehouse.read(PROFILE).withColumns({"names_version": F.lit("older"), "merchant_key": F.lit("||national|x|||x")})
    warehouse.replace(PROFILE, stale, where="source IS NOT NULL")
    load(warehouse, [])
    assert tables(warehouse) == before


@pytest.mark.parametrize("commits", [1, 2, 3, 4, 6])
def test_a_run_that_dies_after_a_commit_is_made_good_by_the_next(spark, tmp_path, prepared, monkeypatch, commits):
    """Behind names, merchants, profiles, links, counts and words: the next run ends in the tables of an undisturbed one."""
    home, undisturbed = prepared
    shutil.copytree(home, tmp_path / "home")
    warehouse = Warehouse(spark, Home.at(tmp_path / "home"))
    done = itertools.count(1)

    def dying(write):
        def wrapper(*arguments, **named):
            write(*arguments, **named)
            if next(done) == commits:
                raise KeyboardInterrupt

        return wrapper

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "replace", dying(Warehouse.replace))
        patch.setattr(Warehouse, "upsert", dying(Warehouse.upsert))
        with pytest.raises(KeyboardInterrupt):
            settle(warehouse)
    if commits < 4:
        with pytest.raises(RadarError, match="run `radar enrich` first"):
            aggregate(warehouse)
    settle(warehouse)
    assert tables(warehouse) == undisturbed


@pytest.fixture(scope="module")
def prepared(spark, tmp_path_factory):
    """A home with a load that was counted and one that waits to be enriched, and the tables that an undisturbed run makes."""
    folder = tmp_path_factory.mktemp("prepared")
    warehouse = Warehouse(spark, Home.at(folder / "home"))
    load(warehouse, WORLD[:8])
    arrive(warehouse, [*WORLD[8:], CORRECTED])
    shutil.copytree(folder / "home", folder / "undisturbed")
    undisturbed = Warehouse(spark, Home.at(folder / "undisturbed"))
    settle(undisturbed)
    return folder / "home", tables(undisturbed)


def test_the_commands_answer_in_json_and_say_what_they_do_not_know(prepared):
    home, _ = prepared

    def radar(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [Path(sys.executable).parent / "radar", "--home", str(home), "merchants", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    (merchant,) = json.loads(radar("show", "330100:福茂超市", "--json").stdout)
    assert (merchant["merchant"], merchant["cities"]) == ("330100:福茂超市", ["330100"])
    assert {spelling["basis"] for spelling in merchant["spellings"]} == {"name"}
    nobody = radar("show", "查无此店")
    assert nobody.returncode == 1
    assert nobody.stderr.strip().splitlines()[-1] == "radar: no merchant is known as 查无此店"
    assert json.loads(radar("candidates", "--limit", "1", "--json").stdout) == []
