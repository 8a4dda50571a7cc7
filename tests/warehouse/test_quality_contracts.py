"""Promises and checks in contract files: what fits is read, what does not is refused in one line."""

from __future__ import annotations

import copy

import pytest
import yaml

from features.counts import count_levels
from warehouse.checks import MixDrift, Monitor
from warehouse.contracts import contracts, load_contract
from warehouse.dictionary import dictionary
from warehouse.errors import RadarError
from warehouse.quality.settings import quality_settings

SAID = {"strength": "warn", "en": "Said", "zh": "说明"}
GOOD = {
    "table": "gold.things",
    "title": {"en": "Things", "zh": "事物"},
    "grain": "one thing",
    "key": ["id"],
    "columns": [
        {"name": "id", "type": "STRING", "nullable": False, "pattern": "^T[0-9]+$", "en": "Number", "zh": "编号"},
        {"name": "kind", "type": "STRING", "values": ["甲", "乙"], "en": "Kind", "zh": "类型"},
        {"name": "score", "type": "INT", "min": 1, "max": 5, "en": "Score", "zh": "评分"},
        {"name": "amount", "type": "DECIMAL(14,2)", "min": 0, "en": "Amount", "zh": "金额"},
        {"name": "event_date", "type": "DATE", "min": "2000-01-01", "en": "Day", "zh": "日期"},
        {"name": "stream", "type": "STRING", "en": "Stream", "zh": "口径"},
    ],
    "checks": [
        {"check": "row_count", **SAID},
        {"check": "condition", "name": "fair", "holds": "score > 1", **SAID},
        {"check": "condition", "name": "kind_known", "holds": "kind IS NOT NULL", **SAID},
        {"check": "freshness", "max_days": 3, **SAID},
    ],
}


@pytest.fixture
def load(tmp_path):
    def load(content):
        path = tmp_path / "gold" / "things.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return load_contract(path)

    return load


def test_promises_and_checks_are_read(load):
    contract = load(GOOD)
    assert [check.check for check in contract.checks] == ["row_count", "condition", "condition", "freshness"]
    assert [check.subject for check in contract.checks] == ["", "fair", "kind_known", ""]
    by_name = {column.name: column for column in contract.columns}
    assert by_name["kind"].values == ["甲", "乙"]
    assert (by_name["score"].min, by_name["score"].max) == (1, 5)
    assert str(by_name["event_date"].min) == "2000-01-01"


def column(index, **changes):
    content = copy.deepcopy(GOOD)
    content["columns"][index] |= changes
    return content


def check(**line):
    return {**copy.deepcopy(GOOD), "checks": [*GOOD["checks"], line]}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (column(1, values=[1, 2]), "values of kind"),
        (column(2, values=["甲"], min=None, max=None), "values of score"),
        (column(1, values=None), "values"),
        (column(1, min=1), "kind is STRING, which 1 does not bound"),
        (column(2, min="2000-01-01"), "score is INT"),
        (column(4, min=1), "event_date is DATE"),
        (column(0, pattern="T[0-9]+"), "pattern of id"),
        (column(0, pattern="^T([0-9]+$"), "pattern of id"),
        (column(2, pattern="^1$"), "pattern of score"),
        (column(1, mininum=1), "mininum"),
        (check(check="rows_count", **SAID), "'rows_count'"),
        (check(name="x", **SAID), "check"),
        (check(check="condition", name="x", **SAID), "holds"),
        (check(check="condition", name="X y", holds="true", **SAID), "name"),
        (check(check="freshness", max_days=0, **SAID), "max_days"),
        (check(check="condition", name="x", holds="true", en="e", zh="中"), "strength"),
        (check(check="condition", name="x", holds="true", strength="maybe", en="e", zh="中"), "strength"),
        (check(check="condition", name="x", holds="true", strength="stop", en="e", zh=""), "zh"),
        (check(check="condition", name="x", holds="true", days=3, **SAID), "days"),
        (check(check="row_count", **SAID), "row_count is there twice"),
        (check(check="condition", name="fair", holds="true", **SAID), "condition fair is there twice"),
        (
            check(check="mix_drift", level="a", days=1, reference_days=2, min_rows=1, max_drift=0.1, **SAID),
            "mix_drift needs a column level",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(load, content, told):
    with pytest.raises(RadarError) as caught:
        load(content)
    assert told in str(caught.value)
    assert "things.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_drift_is_watched_on_levels_that_are_counted():
    levels = {check.level for contract in contracts().values() for check in contract.checks if isinstance(check, MixDrift)}
    assert levels
    assert levels <= count_levels().keys()


def test_whatever_looks_beyond_single_rows_has_its_line():
    named = {check.check for contract in contracts().values() for check in contract.checks if isinstance(check, Monitor)}
    assert named == {"freshness", "silence", "volume", "row_share", "duplicate_share", "mix_drift", "load_share"}


def test_the_dictionary_shows_promises_and_checks():
    text = dictionary()
    assert "| `severity` | int | no | ≥ 0, ≤ 4 |" in text
    assert "one of 投诉, 举报, 咨询" in text
    assert "`^\\d{4}-\\d{2}$`" in text
    assert "- `volume` (warn): " in text
    for contract in contracts().values():
        for check in contract.checks:
            assert check.zh in text


def test_the_settings_are_read():
    assert quality_settings().completeness.horizon_days <= quality_settings().completeness.history_days
