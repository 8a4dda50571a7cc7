"""The rows against the published figures, by chi-square with a stated tolerance."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from simulator.calendar import Span
from simulator.catalogue import catalogue, rake
from simulator.data import world
from simulator.drafting import Drafter
from simulator.places import Area
from simulator.scenario import preset
from simulator.seeds import shares

# Cohen's effect size w that a share may be off: 0.03 is a third of what is called small. A season moves some shares by so much.
TOLERATED = 0.03
SIGNIFICANCE = 0.001


def assert_shares(values, expected, tolerated=TOLERATED):
    """The values have these shares, up to the tolerated effect size: a chi-square test of the interval hypothesis."""
    counts = np.array([(values == name).sum() for name in expected], dtype=float)
    n = counts.sum()
    assert n == len(values), set(values) - set(expected)
    wanted = shares(list(expected.values())) * n
    statistic = ((counts - wanted) ** 2 / wanted).sum()
    limit = stats.ncx2.ppf(1 - SIGNIFICANCE, len(expected) - 1, n * tolerated**2)
    worst = max(zip(expected, (counts - wanted) / n, strict=True), key=lambda pair: abs(pair[1]))
    assert statistic <= limit, f"chi-square {statistic:.0f} > {limit:.0f}, worst {worst}"


def issue_of_label(table):
    return {label: issue for issue, labels in world("calibration")[table].items() for label in labels}


def test_the_chi_square_test_can_fail():
    """Shares that are off by a twentieth of themselves are noticed."""
    expected = {"a": 50, "b": 50}
    values = np.array(["a"] * 54_000 + ["b"] * 46_000)
    with pytest.raises(AssertionError, match="chi-square"):
        assert_shares(values, expected)
    assert_shares(np.array(["a"] * 50_300 + ["b"] * 49_700), expected)


def test_kinds(nation):
    # Published counts of 2024 in ten thousands.
    assert_shares(nation["类型"], {"投诉": 1862.5, "举报": 546.9, "咨询": 1514.5})


def test_goods_and_services(nation):
    goods = np.where(nation["客体分类"].isin(list(world("calibration")["goods"])), "商品", "服务")
    assert_shares(goods, {"商品": 1221.2, "服务": 641.3})


@pytest.mark.parametrize("part", ["goods", "services"])
def test_classes(nation, part):
    table = world("calibration")[part]
    assert_shares(nation.loc[nation["客体分类"].isin(list(table)), "客体分类"], table, tolerated=0.05)


def test_issues_of_complaints_have_their_published_shares(nation):
    complaints = nation[nation["类型"] == "投诉"]
    issues = complaints["问题类别"].map(issue_of_label("issue_labels"))
    assert_shares(issues, world("calibration")["issues"], tolerated=0.05)
    share = issues.value_counts(normalize=True)
    # 2024: quality 19.5 %, after-sales 23.6 %, food safety 12.5 %.
    assert share["质量"] == pytest.approx(0.195, abs=0.01)
    assert share["售后服务"] == pytest.approx(0.236, abs=0.01)
    assert share["食品安全"] == pytest.approx(0.125, abs=0.01)


def test_issues_of_reports_have_their_published_shares(nation):
    reports = nation[nation["类型"] == "举报"]
    labels = issue_of_label("issue_labels") | issue_of_label("issue_labels_reported")
    corrected = reports["问题类别"].map(labels)
    wanted = world("calibration")["issues_reported"]
    assert corrected.isin(list(wanted)).mean() > 0.98
    assert_shares(corrected[corrected.isin(list(wanted))], wanted, tolerated=0.06)


def test_issues_depend_on_the_class(nation):
    complaints = nation[nation["类型"] == "投诉"]
    issues = complaints["问题类别"].map(issue_of_label("issue_labels"))

    def share(of_class, issue):
        return (issues[complaints["客体分类"] == of_class] == issue).mean()

    assert share("食品", "食品安全") > 0.4
    assert share("交通工具", "质量") > 0.25
    assert share("交通工具", "合同") > 0.2
    assert share("教育培训", "合同") > 0.5
    # Only the form's mistakes, which the office corrects.
    assert share("家用电器", "食品安全") < 0.01


def test_provinces(nation):
    expected = {name[:2]: share for name, share in world("calibration")["provinces"].items()}
    region = nation["登记编号"].str[:6]
    from simulator.places import places

    province = dict(zip(places().code, (name[:2] for name in places().province), strict=True))
    found = region.map(province)
    assert_shares(found, expected)
    # The published share of the four largest in 2022.
    assert found.isin(["广东", "浙江", "上海", "北京"]).mean() == pytest.approx(0.4516, abs=0.01)


def test_channels(nation):
    assert_shares(nation["接收方式"], world("calibration")["channels"])


def test_outcomes(nation):
    complaints = nation[nation["类型"] == "投诉"]
    decided = complaints[complaints["初查受理状态"].isin(["已受理", "已办结", "不予受理"])]
    assert (decided["初查受理状态"] != "不予受理").mean() == pytest.approx(0.785, abs=0.01)
    assert_shares(decided["不予受理情形"].dropna(), world("calibration")["refusals"], tolerated=0.05)
    closed = complaints[complaints["调解结果"].notna()]
    assert_shares(closed["调解结果"], world("calibration")["mediated"])
    assert (closed["是否诉转案"] == "是").mean() == pytest.approx(0.031, abs=0.005)


def test_recovered_amounts(nation):
    """Half a million complaints would be needed for a close look: the amounts have a heavy tail."""
    complaints = nation[nation["类型"] == "投诉"]
    finished = complaints[complaints["登记日期"] < "2024-10-15"]
    recovered = finished["挽回经济损失"].dropna().astype(float)
    assert (recovered <= finished.loc[recovered.index, "消费金额"].astype(float) + 0.005).all()
    # 51.6 hundred million yuan over 18.625 million complaints.
    assert recovered.sum() / len(finished) == pytest.approx(277, rel=0.12)


def test_satisfaction(nation):
    marks = nation["满意度"].dropna()
    assert_shares(marks, world("calibration")["satisfaction"])
    assert 4.4 < marks.astype(int).mean() < 4.74


def test_amounts_are_log_normal_with_a_heavy_tail(nation):
    amount = nation["消费金额"].astype(float)
    assert 100 < amount.median() < 400
    car = amount[nation["客体分类"] == "交通工具"]
    assert car.quantile(0.9) > 50 * amount.median()


def test_the_nation_has_its_volume_and_growth():
    def year(number):
        scenario = preset("national-year", first=dt.date(number, 1, 1), last=dt.date(number, 12, 31), incidents=False)
        drafter = Drafter(1, scenario)
        return sum(map(drafter.expected, scenario.span.days)), scenario

    rows, _ = year(2024)
    assert rows == pytest.approx(39_239_000, rel=0.01)
    earlier, _ = year(2022)
    # Complaints of 2022 and 2024: 13.1038 and 18.625 million.
    assert rows / earlier == pytest.approx(18.625 / 13.1038, rel=0.02)


@pytest.mark.parametrize("name", world("presets"))
def test_presets_have_about_the_rows_that_they_say(name):
    scenario = preset(name, incidents=False)
    expected = sum(map(Drafter(1, scenario).expected, scenario.span.days))
    assert expected == pytest.approx(world("presets")[name]["rows"], rel=0.02)


def test_the_rows_are_as_many_as_published(nation):
    """The published counts are of complaints, those filed again among them."""
    assert len(nation) / 0.004 == pytest.approx(39_239_000, rel=0.02)


@pytest.mark.parametrize(
    ("city", "province", "share"),
    # Complaints of the city over those of its province, published or derived: the first of 2023, the others of 2024.
    [("广州市", "广东省", 0.25), ("台州市", "浙江省", 0.022), ("绍兴市", "浙江省", 0.015), ("牡丹江市", "黑龙江省", 0.076)],
)
def test_cities_have_their_published_share_of_the_province(city, province, share):
    assert Area.named(city).share / Area.named(province).share == pytest.approx(share, rel=0.25)


def test_an_area_has_its_share_of_the_nation():
    assert Area.named("全国").share == pytest.approx(1)
    assert Area.named("浙江省").share == pytest.approx(0.112, abs=0.001)
    cities = {name: Area.named(name) for name in ("杭州市", "上海市", "东莞市")}
    assert cities["杭州市"].share < Area.named("浙江省").share
    assert Area.named("杭州市西湖区").share < cities["杭州市"].share
    county = preset("city", area="杭州市西湖区", incidents=False)
    nation = preset("city", area="全国", incidents=False)
    assert sum(county.per_year().values()) / sum(nation.per_year().values()) == pytest.approx(Area.named("杭州市西湖区").share)


@pytest.mark.parametrize("name", ["火星", "西湖区", "鼓楼区", ""])
def test_an_area_that_is_none_or_several_is_refused(name):
    with pytest.raises(ValueError, match=r"is not known|is one of several"):
        Area.named(name)


class TestSeasons:
    def daily(self, first, last):
        scenario = preset("city", area="全国", first=first, last=last, incidents=False)
        return dict(zip(scenario.span.days, map(Drafter(1, scenario).expected, scenario.span.days), strict=True))

    def test_the_spring_festival_has_the_published_factor(self):
        expected = self.daily(dt.date(2025, 1, 8), dt.date(2025, 2, 24))
        holiday = [rows for day, rows in expected.items() if dt.date(2025, 1, 28) <= day <= dt.date(2025, 2, 4)]
        weeks = [rows for day, rows in expected.items() if not dt.date(2025, 1, 20) <= day <= dt.date(2025, 2, 9)]
        # Shanghai 2024: 1,766 a day against 3,354; offices rest besides, so the factor of all channels is somewhat lower.
        assert 0.36 < np.mean(holiday) / np.mean(weeks) <= 0.53

    @pytest.mark.parametrize(("first", "last"), [("03-13", "03-18"), ("06-16", "06-24"), ("11-10", "11-20")])
    def test_peaks(self, first, last):
        expected = self.daily(dt.date(2025, 1, 1), dt.date(2025, 12, 31))
        inside = [rows for day, rows in expected.items() if first <= f"{day:%m-%d}" <= last]
        start = dt.date.fromisoformat(f"2025-{first}")
        before = [expected[start - dt.timedelta(days=i)] for i in range(8, 22)]
        assert np.mean(inside) > 1.2 * np.mean(before)

    def test_offices_rest_on_weekends_and_the_platform_does_not(self, nation):
        weekday = nation["登记日期"].str[:10].map(lambda day: dt.date.fromisoformat(day).weekday())
        office = nation["接收方式"].isin(world("calibration")["office_channels"])

        def weekend(rows):
            return (weekday[rows] >= 5).mean() / (2 / 7)

        assert weekend(office) < 0.8
        assert weekend(~office) == pytest.approx(1, abs=0.05)

    def test_products_have_their_season_and_the_year_keeps_its_volume(self):
        coat = catalogue().number("羽绒服")
        year = Span(dt.date(2025, 1, 1), dt.date(2025, 12, 31)).days
        by_day = np.array([catalogue().probabilities(day) for day in year])
        assert by_day[:, coat].max() > 3 * by_day[:, coat].min()
        assert np.abs(by_day.mean(axis=0) / shares(catalogue().share) - 1).max() < 0.05


def test_raking_meets_both_margins_and_keeps_zeros():
    rng = np.random.default_rng(3)
    seed = rng.random((6, 4)) * (rng.random((6, 4)) < 0.8)
    seed[:, 0] += 0.1
    seed[0] += 0.1
    rows, columns = shares(rng.random(6) + 1), shares(rng.random(4) + 1)
    table = rake(seed, rows, columns)
    assert table.sum(axis=1) == pytest.approx(rows, abs=1e-8)
    assert table.sum(axis=0) == pytest.approx(columns, abs=1e-8)
    assert ((table == 0) == (seed == 0)).all()
    # Raking keeps the odds ratios of the seed.
    dense = seed + 0.1
    odds = lambda t: t[0, 0] * t[1, 1] / t[0, 1] / t[1, 0]  # noqa: E731
    assert odds(rake(dense, rows, columns)) == pytest.approx(odds(dense))


def test_margins_that_contradict_the_zeros_are_refused():
    with pytest.raises(ValueError, match="contradict"):
        rake(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0.5, 0.5]), np.array([0.4, 0.6]))
