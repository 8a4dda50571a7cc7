"""The truth file against the rows that it is about."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from simulator.incidents import Plan, plan_incidents
from simulator.places import Area, places


def incident(province, kind):
    (found,) = [incident for incident in province.truth["incidents"] if incident["kind"] == kind]
    return found, [province.newest[number] for number in found["complaint_ids"]]


def days(rows):
    return [row["登记日期"][:10] for row in rows]


def city_of(row):
    return row["登记编号"][:4]


def test_every_incident_is_in_the_rows(province):
    planted = [incident for incident in province.truth["incidents"] if incident["kind"] != "calendar_peak"]
    assert len(planted) == 10
    numbers = [number for incident in planted for number in incident["complaint_ids"]]
    assert len(numbers) == len(set(numbers))
    for told in planted:
        rows = [province.newest[number] for number in told["complaint_ids"]]
        assert len(rows) == told["size"] > 10
        assert min(days(rows)) == told["onset"]
        assert max(days(rows)) == told["end"]


def test_real_incidents_are_what_they_say(province):
    for told in province.truth["incidents"]:
        if not told["real"]:
            continue
        rows = [province.newest[number] for number in told["complaint_ids"]]
        text = "".join(row["具体问题"] for row in rows)
        assert any(term in text for term in told["terms"]), told["kind"]
        if told["brand"]:
            assert {row["品牌"] for row in rows} == {told["brand"]}
        if told["model"]:
            assert {row["型号规格"] for row in rows} <= {told["model"], ""}
        if told["merchants"]:
            (legal,) = told["merchants"]
            spoken = legal[:4]
            # A few misspell it.
            assert np.mean([row["企业名称"].startswith(spoken) for row in rows]) > 0.9
            assert len({row["统一社会信用代码"] for row in rows} - {""}) == 1
        if told["places"] != ["浙江省"]:
            assert len({city_of(row) for row in rows}) <= len(told["places"])
        # People, not one person: those who file again are few.
        assert len({row["联系电话"] for row in rows}) > 0.8 * len(rows)


def test_a_defective_product_spreads_over_cities_with_delay(province):
    told, rows = incident(province, "defective_product")
    first = {}
    for row in sorted(rows, key=lambda row: row["登记日期"]):
        first.setdefault(city_of(row), row["登记日期"][:10])
    assert len(first) == len(told["places"]) > 2
    assert min(first.values()) == told["onset"]
    assert max(first.values()) > min(first.values())


@pytest.mark.parametrize(("area", "parts"), [("全国", 2), ("浙江省", 4), ("台州市", 6)])
def test_it_spreads_over_provinces_cities_or_counties_as_the_area_has_them(area, parts):
    """The first digits of the codes that all counties of a site share, and that sites differ in."""
    day = dt.date(2026, 11, 15)
    for kind, digits in (("defective_product", parts), ("price_surge", max(4, parts))):
        (planned,) = plan_incidents(4, Area.named(area), day, day, [Plan(kind, 0)])
        codes = [{places().code[i][:digits] for i in site} for site in planned.sites]
        assert all(len(shared) == 1 for shared in codes)
        assert len(set.union(*codes)) == len(codes) > 1


def days_since(told, rows):
    """Days from the cause to each complaint, a whole day spread out, of those who file for the first time."""
    rng, cause = np.random.default_rng(0), dt.date.fromisoformat(told["shape"]["from"])
    first = [row for row in rows if row["登记编号"][14] != "9"]
    passed = np.array([(dt.date.fromisoformat(day) - cause).days for day in days(first)])
    return passed + rng.random(len(passed))


def test_an_outbreak_is_log_normal(province):
    told, rows = incident(province, "recall_like")
    shape = told["shape"]
    assert shape["name"] == "lognormal"
    # The export ends before the last complaints do.
    last = (dt.date.fromisoformat(province.truth["last_day"]) - dt.date.fromisoformat(shape["from"])).days + 1
    whole = stats.lognorm(shape["sigma"], scale=shape["median_days"])
    passed = days_since(told, rows)
    assert len(passed) > 60
    assert stats.kstest(passed, lambda day: whole.cdf(day) / whole.cdf(last)).pvalue > 0.001


def test_the_shape_is_log_normal_whatever_the_size():
    day = dt.date(2026, 11, 15)
    (planned,) = plan_incidents(4, Area.named("浙江省"), day, day, [Plan("recall_like", 0, 5000)])
    assert planned.size == 5000
    assert planned.delays[0] == 0
    assert (np.diff(planned.delays) >= 0).all()
    lag = planned.delays + (planned.onset - planned.cause).days + np.random.default_rng(0).random(5000)
    shape = planned.shape
    assert stats.kstest(lag, stats.lognorm(shape["sigma"], scale=shape["median_days"]).cdf).pvalue > 0.001


def test_a_drift_grows_in_a_line(province):
    told, rows = incident(province, "slow_drift")
    assert told["shape"]["name"] == "linear"
    # A line from nothing: the share of the complaints up to a day is the square of the share of the days.
    assert stats.kstest(days_since(told, rows), lambda day: (day / told["shape"]["days"]) ** 2).pvalue > 0.001


def test_one_filer_has_one_phone_and_one_text(province):
    told, rows = incident(province, "one_filer")
    assert not told["real"]
    assert len({row["联系电话"] for row in rows}) == 1
    spoken = told["merchants"][0][:4]
    openings = {row["具体问题"].replace(row["商品/服务名称"], "")[:4] for row in rows}
    assert len(openings) <= 4
    assert np.mean([spoken in row["具体问题"] for row in rows]) > 0.9


def ordinary(province):
    """Complaints that belong to no real incident and are not filed again."""
    planted = {number for told in province.truth["incidents"] if told["real"] for number in told["complaint_ids"]}
    return [row for number, row in province.newest.items() if number not in planted and number[14] != "9"]


def between(rows, onset, first, last):
    """Those registered from `first` to before `last` days after the onset."""
    start, end = ((dt.date.fromisoformat(onset) + dt.timedelta(days=days)).isoformat() for days in (first, last))
    return [row for row in rows if start <= row["登记日期"][:10] < end]


def test_a_backlog_is_released_on_one_day_after_a_silence(province):
    told, rows = incident(province, "backlog")
    assert set(days(rows)) == {told["onset"]}
    (city,) = {city_of(row) for row in rows}
    of_city = [row for row in ordinary(province) if city_of(row) == city]
    assert not between(of_city, told["onset"], -9, 0)
    assert len(rows) > 4 * len(between(of_city, told["onset"], 1, 29)) / 28


def test_a_source_falls_silent_and_comes_back(province):
    told, rows = incident(province, "reopened_source")
    cities = {city_of(row) for row in rows}
    forwarded = [row for row in ordinary(province) if row["接收方式"] == "12345转办" and city_of(row) in cities]
    assert not between(forwarded, told["onset"], -35, 0)
    assert len(between(forwarded, told["onset"], -70, -35)) > 20
    assert len(between(forwarded, told["onset"], 0, 35)) > 20
    # Those of the backlog are released within these days, and told as such.
    others = {number for other in province.truth["incidents"] if other is not told for number in other["complaint_ids"]}
    listed = {row["登记编号"] for row in between(forwarded, told["onset"], 0, 14)}
    assert set(told["complaint_ids"]) == listed - others


def test_a_reclassification_moves_one_issue_of_a_class_to_another(province):
    told, rows = incident(province, "reclassification")
    assert {row["客体分类"] for row in rows if row["初查受理状态"] != "待初查"} == {told["product"]}

    def share(inside):
        chosen = [
            row
            for row in province.newest.values()
            if row["客体分类"] == told["product"] and row["类型"] == "投诉" and (row["登记日期"] >= told["onset"]) == inside
        ]
        return sum(row["问题类别"] in ("售后服务", "未履行三包义务") for row in chosen) / len(chosen)

    assert share(inside=False) > 0.25
    assert share(inside=True) < 0.06


def test_calendar_peaks_are_told_without_complaints(province):
    peaks = [incident for incident in province.truth["incidents"] if incident["kind"] == "calendar_peak"]
    assert [(peak["onset"], peak["end"]) for peak in peaks] == [("2026-06-16", "2026-06-24"), ("2026-11-10", "2026-11-15")]
    assert not any(peak["complaint_ids"] or peak["real"] for peak in peaks)
