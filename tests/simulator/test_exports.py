"""The files: the same bytes for a seed, the same rows in every format, and what the truth says about them."""

import collections
import csv
import dataclasses
import datetime as dt
import json

import openpyxl
import pyarrow.parquet as pq
import pytest

from simulator.calendar import Span
from simulator.data import world
from simulator.generate import simulate
from simulator.incidents import Plan
from simulator.rows import EXTENDED, PLATFORM
from simulator.scenario import Scenario, preset
from simulator.spoil import FAULTS, faults_of

SMALL = Scenario(
    name="small",
    area="台州市",
    span=Span(dt.date(2026, 9, 1), dt.date(2026, 11, 15)),
    yearly=9000,
    scale=1.0,
    consultations=True,
    plans=(Plan("closure", 20), Plan("one_filer", 10)),
)


def small(**changes):
    return dataclasses.replace(SMALL, **changes)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet", "xlsx"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, file_format):
    scenario = small(format=file_format, by="month")
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        simulate(scenario, seed, tmp_path / name, workers=1)
    first, again, other = (contents(tmp_path / name) for name in "abc")
    assert list(first) == [f"12315-2026-{month:02d}.{file_format}" for month in (9, 10, 11)] + ["truth.json"]
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_the_bytes_do_not_depend_on_the_number_of_processes(tmp_path):
    scenario = preset("demo", scale=0.5)
    for workers in (1, 2):
        simulate(scenario, 5, tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def read_csv(folder, encoding="utf-8-sig"):
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding=encoding, newline="") as file:
            header, *lines = csv.reader(file)
            rows += [dict(zip(header, line, strict=True)) for line in lines if len(line) == len(header)]
    return rows


def read_jsonl(folder):
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return rows


def read_parquet(folder):
    return [
        {name: value or "" for name, value in row.items()}
        for path in sorted(folder.glob("*.parquet"))
        for row in pq.read_table(path).to_pylist()
    ]


def read_xlsx(folder):
    rows = []
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
            header, *lines = sheet.iter_rows(values_only=True)
            rows += [{name: value or "" for name, value in zip(header, line, strict=True)} for line in lines]
    return rows


def proper(rows):
    """Rows that are not spoilt, in an order of their own; the numbers of spoilt copies hold an X, or none is there."""
    kept = [row for row in rows if row["登记编号"].isdigit()]
    return sorted(tuple(sorted(row.items())) for row in kept)


def test_every_format_holds_the_same_rows(tmp_path):
    read = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet, "xlsx": read_xlsx}
    found = {}
    for name, reader in read.items():
        made = simulate(small(format=name), 1, tmp_path / name, workers=1)
        found[name] = proper(reader(tmp_path / name))
        truth = json.loads(made.truth.read_text(encoding="utf-8"))["rows"]
        assert len(found[name]) == truth["complaints"] + truth["later_versions"] + truth["duplicated"]
    assert len(found["csv"]) > 2000
    assert found["csv"] == found["jsonl"] == found["parquet"] == found["xlsx"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_hold_the_same_rows(tmp_path, encoding):
    simulate(small(encoding=encoding, by="year"), 1, tmp_path / "this", workers=1)
    simulate(small(by="year"), 1, tmp_path / "that", workers=1)
    assert (tmp_path / "this" / "12315-2026.csv").read_bytes().startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert read_csv(tmp_path / "this", encoding) == read_csv(tmp_path / "that")


def test_days_months_and_years_end_with_the_same_state_of_each_complaint(tmp_path):
    """An export of a year holds the last version of each complaint; one of a day every version."""
    last = {}
    for by in ("day", "month", "year"):
        simulate(small(by=by), 1, tmp_path / by, workers=1)
        newest = {}
        for row in sorted(read_csv(tmp_path / by), key=lambda row: row["更新时间"]):
            if row["登记编号"].isdigit():
                # The office's answer is worded anew in each version.
                newest[row["登记编号"]] = {name: value for name, value in row.items() if name != "反馈内容"}
        last[by] = newest
        rows = len(read_csv(tmp_path / by))
        assert (rows > 1.5 * len(newest)) == (by == "day")
    assert last["day"] == last["month"] == last["year"]


def test_the_platforms_own_layout(tmp_path):
    simulate(small(layout="platform", format="xlsx", by="month"), 1, tmp_path, workers=1)
    book = openpyxl.load_workbook(tmp_path / "12315-2026-10.xlsx", read_only=True)
    assert set(book.sheetnames) == {"投诉", "举报", "咨询"}
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows(values_only=True)
        assert header == PLATFORM
        kinds = {row[1] for row in rows if row[0] and str(row[0]).isdigit()}
        assert kinds == {sheet.title}
        assert "*****" in {row[4] for row in rows}


def test_a_day_is_one_file(province):
    assert len(province.made.files) == len(province.scenario.span.days) == 200
    assert tuple(province.header) == EXTENDED


def test_rows_are_counted(province):
    rows = province.truth["rows"]
    assert province.made.rows == rows["written"] == len(province.lines)
    assert province.made.complaints == rows["complaints"] == len(province.newest)
    kinds = collections.Counter(row["类型"] for row in province.newest.values())
    assert rows["by_kind"] == dict(kinds)
    repeated = collections.Counter(tuple(row[name] for name in province.header) for row in province.valid)
    assert rows["duplicated"] == sum(times - 1 for times in repeated.values()) > 50
    assert rows["later_versions"] == len(repeated) - rows["complaints"]


def test_malformed_rows_are_countable_and_every_kind_is_there(province):
    """Each kind is told by its own mark, without looking at how it was made."""
    header, found = province.header, collections.Counter()
    for line in province.lines:
        if len(line) == 1:
            found["footer"] += 1
        elif len(line) < len(header):
            found["cut_off"] += 1
        elif len(line) > len(header):
            found["extra_cell"] += 1
        elif line == header:
            found["repeated_header"] += 1
        elif not line[0]:
            found["shifted" if line[2] in ("投诉", "举报") else "missing_id"] += 1
        elif line[1] not in ("投诉", "举报"):
            found[{"": "missing_kind", "其它事项": "unknown_kind"}.get(line[1], "garbled_kind")] += 1
        else:
            try:
                dt.datetime.fromisoformat(line[2])
            except ValueError:
                found["unreadable_date"] += 1
    assert dict(found) == province.truth["rows"]["malformed"]
    assert set(found) == set(faults_of("csv", header)) == set(FAULTS)
    assert sum(found.values()) == province.truth["rows"]["must_be_rejected"]


@pytest.mark.parametrize("file_format", ["xlsx", "jsonl", "parquet"])
def test_malformed_rows_of_other_formats(tmp_path, file_format, monkeypatch):
    monkeypatch.setitem(world("calibration"), "malformed", 0.05)
    simulate(small(format=file_format, by="year"), 3, tmp_path, workers=1)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["rows"]
    assert set(truth["malformed"]) == set(faults_of(file_format, EXTENDED))
    path = tmp_path / f"12315-2026.{file_format}"
    if file_format == "jsonl":
        rows = read_jsonl(tmp_path)
        assert len(path.read_text(encoding="utf-8").splitlines()) - len(rows) == truth["malformed"]["cut_off"]
    else:
        rows = read_parquet(tmp_path) if file_format == "parquet" else read_xlsx(tmp_path)
        assert len(rows) == truth["written"]
    spoilt = [row for row in rows if not row["登记编号"].isdigit()]
    assert len(spoilt) == truth["must_be_rejected"] - truth["malformed"].get("cut_off", 0)


class TestLife:
    """Later exports update earlier complaints."""

    def test_an_export_holds_what_changed_on_its_day_and_what_was_late(self, province):
        for row in province.valid:
            changed = dt.date.fromisoformat(row["更新时间"][:10])
            assert changed <= row["export"]
            assert dt.date.fromisoformat(row["登记日期"][:10]) <= changed
        delays = [(row["export"] - dt.date.fromisoformat(row["更新时间"][:10])).days for row in province.valid]
        assert max(delays) <= 9
        first = {}
        for row in province.valid:
            first.setdefault(row["登记编号"], row["export"] > dt.date.fromisoformat(row["登记日期"][:10]))
        assert sum(first.values()) == province.truth["rows"]["late"] > 100

    def test_states_follow_each_other(self, province):
        states = collections.defaultdict(dict)
        for row in province.valid:
            states[row["登记编号"]][row["更新时间"]] = row
        order = ["待初查", "已受理", "已办结"]
        for history in states.values():
            seen = [history[moment] for moment in sorted(history)]
            names = [row["初查受理状态"] for row in seen]
            assert names in (order[: len(names)], order[1 : 1 + len(names)], order[2:], ["待初查", "不予受理"], ["不予受理"])
            for row in seen:
                assert bool(row["不予受理情形"]) == (row["初查受理状态"] == "不予受理")
                assert bool(row["办结时间"]) == (row["初查受理状态"] == "已办结")
                if row["办结时间"]:
                    waited = dt.date.fromisoformat(row["办结时间"]) - dt.date.fromisoformat(row["受理时间"])
                    assert 1 <= waited.days <= 60

    def test_an_answer_agrees_with_the_ground_and_the_outcome(self, province):
        told = collections.defaultdict(set)
        for row in province.valid:
            if row["类型"] == "投诉" and (row["不予受理情形"] or row["调解结果"]):
                told[row["反馈内容"]].add((row["不予受理情形"], row["调解结果"]))
        assert len(told) > 60
        assert all(len(reasons) == 1 for reasons in told.values())

    def test_the_first_check_keeps_to_seven_working_days(self, province):
        from chinese_calendar import is_workday

        accepted = [row for row in province.newest.values() if row["受理时间"]]
        for row in accepted:
            day, end = dt.date.fromisoformat(row["登记日期"][:10]), dt.date.fromisoformat(row["受理时间"])
            passed = sum(is_workday(day + dt.timedelta(days=i)) for i in range(1, (end - day).days + 1))
            assert 1 <= passed <= 7
            assert is_workday(end)

    def test_some_classes_are_corrected(self, province):
        before, corrected = {}, collections.Counter()
        for row in sorted(province.valid, key=lambda row: row["更新时间"]):
            earlier = before.setdefault(row["登记编号"], row)
            for name in ("问题类别", "客体分类"):
                corrected[name] += earlier[name] != row[name]
                assert earlier[name] == row[name] or earlier["初查受理状态"] == "待初查"
            for name in ("登记日期", "企业名称", "具体问题", "联系电话", "消费金额"):
                assert earlier[name] == row[name]
        assert 0.005 < corrected["问题类别"] / len(before) < 0.08
        assert 0.005 < corrected["客体分类"] / len(before) < 0.06


class TestRefusals:
    def test_a_folder_with_another_world(self, tmp_path):
        (tmp_path / "12315-1999.csv").write_text("x")
        with pytest.raises(ValueError, match="holds other exports, such as 12315-1999"):
            simulate(small(by="year"), 1, tmp_path, workers=1)
        assert [path.name for path in tmp_path.iterdir()] == ["12315-1999.csv"]

    @pytest.mark.parametrize(
        "changes",
        [{"by": "week"}, {"format": "ods"}, {"layout": "wide"}, {"encoding": "big5"}, {"scale": 0.0}, {"area": "火星"}],
    )
    def test_a_scenario_that_is_none(self, changes):
        with pytest.raises(ValueError, match=r"is not known|more than nothing"):
            small(**changes)

    def test_a_span_that_is_none(self):
        with pytest.raises(ValueError, match="before it begins"):
            Span(dt.date(2026, 2, 1), dt.date(2026, 1, 1))
        with pytest.raises(ValueError, match="holidays of 2031 are not known"):
            Span(dt.date(2026, 2, 1), dt.date(2031, 1, 1))

    def test_an_incident_outside_the_span(self, tmp_path):
        with pytest.raises(ValueError, match="would begin on 2026-08-07"):
            simulate(small(plans=(Plan("closure", 100),)), 1, tmp_path, workers=1)
        with pytest.raises(ValueError, match="earthquake is not known"):
            simulate(small(plans=(Plan("earthquake", 10),)), 1, tmp_path, workers=1)

    def test_a_negative_seed(self, tmp_path):
        with pytest.raises(ValueError, match="must not be negative"):
            simulate(small(), -1, tmp_path, workers=1)

    def test_an_unknown_preset(self):
        with pytest.raises(ValueError, match="preset moon is not known; there are demo, city"):
            preset("moon")


def test_a_day_without_a_complaint_is_an_empty_file(tmp_path):
    made = simulate(small(yearly=20, plans=(), span=Span(dt.date(2026, 11, 1), dt.date(2026, 11, 9))), 1, tmp_path, workers=1)
    assert len(made.files) == 9
    headers = {path.read_text(encoding="utf-8-sig").splitlines()[0] for path in made.files}
    assert headers == {",".join(EXTENDED)}


def test_the_demo_is_what_it_says(tmp_path):
    made = simulate(preset("demo"), 12315, tmp_path)
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    assert made.complaints == pytest.approx(200_000, rel=0.1)
    assert [path.name for path in made.files] == ["12315-2024.csv", "12315-2025.csv", "12315-2026.csv"]
    real = [incident for incident in truth["incidents"] if incident["real"]]
    assert len(real) == 6
    assert all(incident["onset"] >= "2026-08-15" for incident in real)
    # Two years of history before the week that is judged, which is what the seasonal baseline asks for.
    assert (dt.date.fromisoformat(truth["last_day"]) - dt.date.fromisoformat(truth["first_day"])).days + 1 in range(735, 745)
