"""The simulated world: the same in every run, true to its truth, and without anybody's data."""

import csv
import datetime as dt
import json
import re
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from simulator import presets
from simulator.complaints import HEADER, Span
from simulator.presets import DEMO_DATE, write_preset
from simulator.world import daily_factor, product_weights, world

SEED = 7


def read(path, encoding):
    with path.open(encoding=encoding, newline="") as file:
        header, *lines = csv.reader(file)
    assert tuple(header) == HEADER
    return lines


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's files, read with nothing but the standard library."""
    folder = tmp_path_factory.mktemp("demo")
    made = write_preset("demo", SEED, folder)
    older = read(folder / "12315-2024-2025.csv", "utf-8-sig")
    newer = read(folder / "12315-2026.csv", "gb18030")
    whole = [dict(zip(HEADER, line, strict=True)) for line in [*older, *newer] if len(line) == len(HEADER)]
    # A complaint is valid if it has a number, a kind and a date; a later version replaces an earlier one.
    valid = [row for row in whole if row["登记编号"] and row["类型"] and re.match(r"\d{4}-", row["登记日期"])]
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    return SimpleNamespace(made=made, older=older, newer=newer, whole=whole, valid=valid, truth=truth, folder=folder)


@pytest.fixture
def tiny(monkeypatch):
    """A world small enough to be made several times."""
    monkeypatch.setitem(presets.PRESETS, "tiny", Span(dt.date(2025, 9, 1), DEMO_DATE, 4.0))


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(tmp_path, tiny):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_preset("tiny", seed, tmp_path / name)
    first, again, other = (contents(tmp_path / name) for name in "abc")
    assert list(first) == ["12315-2024-2025.csv", "12315-2026.csv", "truth.json"]
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_an_unknown_preset_is_refused(tmp_path):
    with pytest.raises(ValueError, match="preset nothing is not known; there are demo"):
        write_preset("nothing", 1, tmp_path)


def test_what_was_written_is_what_is_told(demo):
    assert demo.made.rows == len(demo.older) + len(demo.newer)
    assert {path.name for path in demo.made.files} == {"12315-2024-2025.csv", "12315-2026.csv"}
    assert demo.made.rows > 30_000


def test_the_files_differ_in_their_character_sets(demo):
    assert (demo.folder / "12315-2024-2025.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        (demo.folder / "12315-2026.csv").read_bytes().decode("utf-8")


def test_days_are_those_of_the_span(demo):
    days = [row["登记日期"][:10] for row in demo.valid]
    assert min(days) == demo.truth["first_day"] == "2024-05-06"
    assert max(days) == demo.truth["last_day"] == DEMO_DATE.isoformat()
    assert all(row["更新时间"] >= row["登记日期"] for row in demo.valid)


def test_malformed_rows_are_as_many_as_the_truth_says(demo):
    told = demo.truth["malformed"]
    assert told == {"unreadable_date": 9, "missing_id": 6, "missing_kind": 4, "cut_off": 5}
    assert sum(len(line) < len(HEADER) for line in demo.newer) == told["cut_off"]
    assert sum(not row["登记编号"] for row in demo.whole) == told["missing_id"]
    assert sum(not row["类型"] for row in demo.whole) == told["missing_kind"]
    assert (
        sum(not re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", row["登记日期"]) for row in demo.whole) == told["unreadable_date"]
    )
    assert all(len(line) == len(HEADER) for line in demo.older)


def test_repeated_and_updated_rows_are_as_many_as_the_truth_says(demo):
    repeated = Counter(map(tuple, demo.older))
    assert sum(times - 1 for times in repeated.values()) == demo.truth["repeated"]
    versions = {}
    for row in demo.valid:
        versions.setdefault(row["登记编号"], set()).add((row["更新时间"], row["初查受理状态"]))
    updated = [seen for seen in versions.values() if len(seen) > 1]
    assert len(updated) == demo.truth["updated"]
    assert all(len(seen) == 2 for seen in updated)
    assert len(versions) == len(demo.valid) - demo.truth["repeated"] - demo.truth["updated"]


def test_an_update_changes_nothing_but_time_and_status(demo):
    first = {}
    changed = 0
    for row in demo.valid:
        before = first.setdefault(row["登记编号"], row)
        differing = {name for name in HEADER if before[name] != row[name]}
        assert differing <= {"更新时间", "初查受理状态"}
        changed += bool(differing)
    assert changed == demo.truth["updated"]


def test_the_truth_is_in_the_rows(demo):
    by_id = {row["登记编号"]: row for row in demo.valid}
    assert len(demo.truth["incidents"]) == 5
    for incident in demo.truth["incidents"]:
        rows = [by_id[number] for number in incident["complaint_ids"]]
        assert len(rows) == len(set(incident["complaint_ids"])) == incident["size"]
        assert min(row["登记日期"] for row in rows)[:10] == incident["onset"]
        assert {row["商品/服务名称"] for row in rows} == {incident["product"]}
        assert {row["问题类别"] for row in rows} == {incident["issue"]}
        assert all(any(row["事发地"].startswith(f"浙江省{city}") for city in incident["cities"]) for row in rows)
        for field, column in (("brand", "品牌"), ("model", "型号规格"), ("merchant", "企业名称")):
            if incident[field]:
                assert {row[column] for row in rows} == {incident[field]}


def test_incidents_belong_to_one_number_each_and_only_real_ones_have_many_filers(demo):
    numbers = [number for incident in demo.truth["incidents"] for number in incident["complaint_ids"]]
    assert len(numbers) == len(set(numbers))
    by_id = {row["登记编号"]: row for row in demo.valid}
    for incident in demo.truth["incidents"]:
        filers = {by_id[number]["联系电话"] for number in incident["complaint_ids"]}
        assert len(filers) == 1 if not incident["real"] else len(filers) > 0.9 * incident["size"]


def test_texts_of_one_filer_differ_in_their_digits_only(demo):
    (templated,) = [incident for incident in demo.truth["incidents"] if not incident["real"]]
    by_id = {row["登记编号"]: row for row in demo.valid}
    texts = [by_id[number]["具体问题"] for number in templated["complaint_ids"]]
    assert len(set(texts)) == len(texts)
    assert len({re.sub(r"\d", "", text) for text in texts}) == 1


def test_credit_codes_are_valid_and_belong_to_one_name_each(demo):
    # GB 32100-2015, table of weights as printed.
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    names = {}
    for row in demo.valid:
        names.setdefault(row["统一社会信用代码"], set()).add(row["企业名称"])
    assert len(names) > 500
    for code, called in names.items():
        assert len(code) == 18
        total = sum(weight * alphabet.index(character) for weight, character in zip(weights, code, strict=False))
        assert (total + alphabet.index(code[17])) % 31 == 0
        assert code[2:8] == "000000"  # a region that does not exist
        assert len(called) == 1


def test_phones_are_of_an_unassigned_prefix_only(demo):
    mobile = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    found = Counter()
    for row in demo.whole:
        for cell in row.values():
            found.update(number[:3] for number in mobile.findall(cell))
    assert set(found) == {"154"}
    assert found["154"] >= len(demo.whole)


def test_no_other_kind_of_personal_data_is_in_the_texts(demo):
    patterns = [r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dX](?!\d)", r"@", r"微信|QQ", r"\d号楼", r"身份证"]
    for row in demo.valid:
        assert not any(re.search(pattern, row["具体问题"]) for pattern in patterns), row["具体问题"]


def test_amounts_and_kinds_are_those_of_the_platform(demo):
    assert {row["类型"] for row in demo.valid} == {"投诉", "举报"}
    assert all(re.fullmatch(r"\d+\.\d\d", row["消费金额"]) and float(row["消费金额"]) > 0 for row in demo.valid)


def test_the_calendar_of_the_world_is_in_the_counts(demo):
    per_day = Counter(row["登记日期"][:10] for row in demo.valid)

    def mean(first, days):
        start = dt.date.fromisoformat(first)
        return np.mean([per_day[str(start + dt.timedelta(days=i))] for i in range(days)])

    assert mean("2026-03-13", 6) > 1.4 * mean("2026-03-20", 14)
    assert mean("2026-02-15", 9) < 0.7 * mean("2026-03-20", 14)
    assert mean("2026-05-11", 28) > 1.05 * mean("2025-05-12", 28)


def test_daily_factors_and_product_weights():
    origin = dt.date(2024, 5, 6)
    ordinary = daily_factor(dt.date(2024, 5, 13), origin)
    assert daily_factor(dt.date(2025, 5, 12), origin) / ordinary == pytest.approx(1 + world()["growth_per_year"], rel=0.01)
    for day in (dt.date(2026, 1, 10), dt.date(2026, 7, 20)):
        assert product_weights(day).sum() == pytest.approx(1)
    names = [product["name"] for product in world()["products"]]
    coat = names.index("羽绒服")
    assert product_weights(dt.date(2026, 12, 11))[coat] > 3 * product_weights(dt.date(2026, 6, 12))[coat]
