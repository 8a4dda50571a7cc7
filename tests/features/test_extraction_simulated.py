"""Simulated complaints know what they tell: sums, respondents and models are found in them."""

import datetime as dt
import re

import pytest

from features.extraction import extract
from simulator.drafting import Drafter
from simulator.rows import RowWriter
from simulator.scenario import preset
from simulator.seeds import stream

TEXTS = 1500
NOTE = re.compile(r"[(（].*")


@pytest.fixture(scope="module")
def told():
    drafter = Drafter(7, preset("national-year", scale=0.01))
    rows = RowWriter(drafter).rows(stream(7, "texts"), drafter.draft(0)).slice(0, TEXTS).to_pylist()
    return [(row, extract(row["具体问题"], dt.date.fromisoformat(row["登记日期"][:10]))) for row in rows]


def test_sums_that_texts_name_are_in_dispute(told):
    named = [(float(row["消费金额"]), facts) for row, facts in told if row["消费金额"] and names_sum(row)]
    assert len(named) > 800
    right = sum(facts.amount is not None and abs(float(facts.amount) - paid) <= 1.01 for paid, facts in named)
    assert right / len(named) > 0.98


def test_respondents_that_texts_name_are_found(told):
    named = [(NOTE.sub("", row["企业名称"]), facts) for row, facts in told if NOTE.sub("", row["企业名称"]) in row["具体问题"]]
    assert len(named) > 300
    assert sum(any(name in merchant for merchant in facts.merchants) for name, facts in named) / len(named) > 0.92


def test_models_are_spelt_as_in_the_register(told):
    named = [(row["型号规格"], facts.models) for row, facts in told if row["型号规格"] and row["型号规格"] in row["具体问题"]]
    assert len(named) > 5
    assert sum(model in models for model, models in named) / len(named) > 0.7


def test_invented_makers_are_no_known_brands(told):
    assert sum(bool(facts.brands) for _, facts in told) / len(told) < 0.02


def names_sum(row):
    paid = float(row["消费金额"])
    return re.search(rf"(?<!\d)(?:{int(paid)}|{round(paid)})(?!\d)", row["具体问题"])
