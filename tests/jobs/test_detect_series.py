"""Any table of counts, judged without Spark."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from jobs.detect_series import judge_file, judge_table
from warehouse.errors import RadarError

COLUMNS = ["series_id", "period", "observed", "expected", "upper", "p_value", "score", "alarm"]


def judged(table, frequency="week", *, calendar="none", last=1, alpha=0.01):
    return judge_table(table, frequency, chinese_calendar=calendar, last=last, alpha=alpha)


def counts(table, *, first="2023-01-02", frequency="W-MON"):
    """A long table of an array `n_series × n_periods`."""
    table = np.asarray(table)
    periods = pd.date_range(first, periods=table.shape[1], freq=frequency).strftime("%Y-%m-%d")
    names = [f"s{i:02d}" for i in range(len(table))]
    return pd.DataFrame(
        {"series_id": np.repeat(names, len(periods)), "period": np.tile(periods, len(names)), "count": table.ravel()}
    )


def poisson(seed, mean, n, periods):
    return np.random.default_rng(seed).poisson(mean, size=(n, periods))


@pytest.mark.parametrize("periods", [9, 130])
def test_a_planted_peak_alarms_alone(periods):
    table = poisson(1, 8, 30, periods)
    table[:, -1] = 8
    table[4, -1] = 40
    scores = judged(counts(table))
    assert list(scores.columns) == COLUMNS
    assert len(scores) == 30
    assert scores.loc[scores["alarm"], "series_id"].tolist() == ["s04"]
    peak = scores.set_index("series_id").loc["s04"]
    assert peak["observed"] == 40
    assert peak["expected"] == pytest.approx(8, rel=0.3)
    assert peak["upper"] < 40
    assert peak["p_value"] < 1e-4
    assert peak["period"] == (dt.date(2023, 1, 2) + dt.timedelta(weeks=periods - 1)).isoformat()


def test_alpha_decides_what_is_an_alarm():
    table = counts(poisson(2, 5, 60, 40))
    p = judged(table)["p_value"]
    for alpha in (0.0, 0.05, 0.5, 1.0, p.min(), p.median()):
        np.testing.assert_array_equal(judged(table, alpha=alpha)["alarm"], p <= alpha)
    assert judged(table, alpha=p.min())["alarm"].sum() == 1


def test_the_last_periods_are_judged_each_as_if_it_were_the_newest():
    table = poisson(3, 6, 8, 115)
    scores = judged(counts(table), last=4)
    assert len(scores) == 32
    assert scores["period"].tolist()[:4] == ["2025-02-17", "2025-02-24", "2025-03-03", "2025-03-10"]
    assert scores["series_id"].tolist() == sorted(scores["series_id"])
    for back in range(4):
        cut = judged(counts(table[:, : 115 - back]))
        same = scores[scores["period"] == cut["period"].iloc[0]].reset_index(drop=True)
        pd.testing.assert_frame_equal(same, cut)


def test_the_order_of_the_rows_does_not_matter():
    table = counts(poisson(4, 3, 12, 60))
    shuffled = table.sample(frac=1, random_state=1).reset_index(drop=True)
    pd.testing.assert_frame_equal(judged(table, last=3), judged(shuffled, last=3))


def test_a_period_left_out_had_none_and_rows_of_one_period_add_up():
    table = counts(poisson(5, 2, 10, 30))
    without_zeros = table[table["count"] > 0]
    pd.testing.assert_frame_equal(judged(table, last=2), judged(without_zeros, last=2))
    split = pd.concat([table.assign(count=table["count"] // 2), table.assign(count=table["count"] - table["count"] // 2)])
    pd.testing.assert_frame_equal(judged(table, last=2), judged(split, last=2))


def test_a_gap_of_all_series_is_a_period_of_zeros():
    table = counts(poisson(6, 5, 5, 20) + 1)
    gap = table[table["period"] != "2023-05-08"]
    scores = judged(gap, last=3).set_index(["series_id", "period"])
    assert (scores.xs("2023-05-08", level="period")["observed"] == 0).all()


def test_a_single_series():
    table = poisson(7, 10, 1, 30)
    table[0, -1] = 10
    assert not judged(counts(table))["alarm"].any()
    table[0, -1] = 35
    (score,) = judged(counts(table)).to_dict("records")
    assert score["alarm"]
    assert score["expected"] == pytest.approx(10, rel=0.35)


def test_a_single_long_series_has_a_season():
    weeks = np.arange(157)
    mean = 30 * np.exp(0.6 * np.sin(2 * np.pi * weeks / (365.25 / 7)))
    table = np.random.default_rng(8).poisson(mean)[None, :]
    scores = judged(counts(table), last=20)
    np.testing.assert_allclose(scores["expected"], mean[-20:], rtol=0.2)


def test_too_short_a_history_is_not_judged():
    scores = judged(counts([[5, 5, 5, 90], [5, 5, 5, 5]]))
    assert scores["expected"].isna().all()
    assert scores["upper"].isna().all()
    assert (scores["p_value"] == 1).all()
    assert not scores["alarm"].any()


def test_last_may_be_all_periods_and_no_more():
    table = counts(poisson(9, 5, 3, 12))
    assert len(judged(table, last=12)) == 36
    with pytest.raises(RadarError, match="--last 13: the table has 12 periods only"):
        judged(table, last=13)


def test_days_know_the_weekday():
    days = pd.date_range("2024-01-01", periods=90, freq="D")
    mean = np.where(days.dayofweek < 5, 30, 6)
    table = np.random.default_rng(10).poisson(mean, size=(10, 90))
    scores = judged(counts(table, first="2024-01-01", frequency="D"), "day", last=14)
    weekday = pd.to_datetime(scores["period"]).dt.dayofweek
    assert scores.loc[weekday < 5, "expected"].mean() == pytest.approx(30, rel=0.1)
    assert scores.loc[weekday >= 5, "expected"].mean() == pytest.approx(6, rel=0.2)
    assert scores["alarm"].mean() <= 0.03

    assert days[-1].dayofweek == 5
    table[:, -1] = 6
    table[3, -1] = 30  # what is ordinary on a Thursday is not on a Saturday
    saturday = judged(counts(table, first="2024-01-01", frequency="D"), "day")
    assert saturday.loc[saturday["alarm"], "series_id"].tolist() == ["s03"]


def test_a_peak_of_the_chinese_calendar_is_known_only_when_asked_for():
    mondays = pd.date_range("2022-01-03", "2024-03-11", freq="W-MON")
    rights_days = np.array([sum((m + pd.Timedelta(days=i)).strftime("%m-%d") in RIGHTS for i in range(7)) for m in mondays])
    table = np.random.default_rng(11).poisson(20 * 2.0 ** (rights_days / 5), size=(40, len(mondays)))
    ignorant = judged(counts(table, first="2022-01-03"))
    knowing = judged(counts(table, first="2022-01-03"), calendar="cn")
    assert ignorant["alarm"].mean() > 0.5
    assert knowing["alarm"].mean() <= 0.05


RIGHTS = {f"03-{day}" for day in range(13, 19)}


@pytest.mark.parametrize("missing", ["series_id", "period", "count"])
def test_a_missing_column_is_named(missing):
    with pytest.raises(RadarError, match=f"no column {missing}; it needs series_id, period, count"):
        judged(counts([[1, 2, 3]]).drop(columns=missing))


def test_an_empty_table_is_refused():
    with pytest.raises(RadarError, match="empty"):
        judged(counts([[1, 2]]).iloc[:0])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("period", "someday"),
        ("period", "2023-13-01"),
        ("period", None),
        ("count", "many"),
        ("count", -1),
        ("count", None),
        ("count", np.inf),
        ("count", 2.5),
        ("series_id", None),
    ],
)
def test_an_unreadable_row_is_named_as_a_spreadsheet_counts(column, value):
    table = counts(np.ones((2, 6))).astype(object)
    table.loc[7, column] = value
    with pytest.raises(RadarError, match="row 9 of the table of counts"):
        judged(table)


def test_weeks_are_named_by_their_monday():
    table = counts(np.ones((2, 6)))
    table.loc[3, "period"] = "2023-01-24"
    with pytest.raises(RadarError, match="2023-01-24 is no Monday"):
        judged(table)


def test_a_time_of_day_loses_no_count():
    table = counts([[3] * 20], first="2024-01-01", frequency="D")
    table.loc[19, "period"] = "2024-01-20 15:30:00"
    try:
        scores = judged(table, "day")
    except RadarError:
        return
    assert scores["period"].tolist() == ["2024-01-20"]
    assert scores["observed"].tolist() == [3]


@pytest.mark.parametrize(("frequency", "calendar"), [("month", "none"), ("", "none"), ("week", "us"), ("week", "")])
def test_unknown_options_are_refused(frequency, calendar):
    with pytest.raises(RadarError, match="is not known"):
        judged(counts([[1, 2]]), frequency, calendar=calendar)


def read(path, **options):
    return judge_file(path, "week", chinese_calendar="none", last=1, alpha=0.01, **options)


def test_a_file_is_judged_as_its_table(tmp_path):
    table = counts(poisson(12, 4, 5, 20))
    path = tmp_path / "counts.csv"
    table.to_csv(path, index=False, encoding="utf-8-sig")
    pd.testing.assert_frame_equal(read(path), judged(table))


def test_names_of_series_stay_texts(tmp_path):
    table = counts(poisson(13, 4, 4, 20))
    names = {"s00": "007", "s01": "1e5", "s02": "NA", "s03": "null"}
    path = tmp_path / "counts.csv"
    table.assign(series_id=table["series_id"].map(names)).to_csv(path, index=False)
    assert read(path)["series_id"].tolist() == sorted(names.values())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x00", b'a,b\n"1,2\n3,4,5,6,7\n', None])
def test_an_unreadable_file_is_refused(tmp_path, content):
    path = tmp_path / "counts.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RadarError) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_an_explained_expectation_is_the_product_of_its_parts():
    rng = np.random.default_rng(21)
    days = pd.date_range("2023-01-02", periods=200, freq="W-MON")
    season = np.exp(0.5 * np.sin(2 * np.pi * np.arange(200) / 52.18))
    rights = np.where(
        [
            ((d <= e) & (e < d + pd.Timedelta(days=7)))
            for d, e in zip(days, pd.to_datetime([f"{d.year}-03-15" for d in days]), strict=True)
        ],
        2.0,
        1.0,
    )
    table = counts(rng.poisson(30 * season * rights, size=(40, 200)))
    scores = judge_table(table, "week", chinese_calendar="cn", last=60, alpha=0.01, explain=True)
    assert list(scores.columns) == [*COLUMNS, "level", "season", "calendar"]
    np.testing.assert_allclose(scores["level"] * scores["season"] * scores["calendar"], scores["expected"], rtol=2e-3)
    by_week = scores.groupby("period")[["level", "season", "calendar"]].mean()
    judged_weeks = slice(-60, None)
    assert np.corrcoef(by_week["season"], season[judged_weeks])[0, 1] > 0.95
    peak = by_week["calendar"][rights[judged_weeks] == 2]
    assert len(peak) == 1
    assert peak.iloc[0] == pytest.approx(2.0, rel=0.15)
    assert by_week["level"].std() / by_week["level"].mean() < 0.1


def test_short_histories_are_explained_by_the_volume_of_the_others():
    table = poisson(22, 10, 50, 9)
    table[:, -1] *= 2
    scores = judge_table(counts(table), "week", chinese_calendar="none", last=1, alpha=0.01, explain=True)
    np.testing.assert_allclose(scores["level"] * scores["calendar"], scores["expected"], rtol=2e-3)
    assert scores["calendar"].mean() == pytest.approx(2.0, rel=0.1)
    assert (scores["season"] == 1).all()


def test_days_off_that_no_calendar_knows_can_be_told(tmp_path):
    rng = np.random.default_rng(23)
    days = pd.date_range("2023-01-02", "2026-03-31", freq="D")
    off = pd.DatetimeIndex([f"{year}-{day}" for year in range(2023, 2027) for day in ("02-14", "03-23", "07-19", "10-21")])
    table = counts(rng.poisson(np.where(days.isin(off), 60, 20), size=(25, len(days))), frequency="D")
    path, told = tmp_path / "counts.csv", tmp_path / "off.csv"
    table.to_csv(path, index=False)
    told.write_text("".join(f"{day:%Y-%m-%d},festival of the city\n" for day in off), encoding="utf-8-sig")
    ignorant = judge_file(path, "day", chinese_calendar="none", last=60, alpha=0.01).set_index("period")
    knowing = judge_file(path, "day", chinese_calendar="none", last=60, alpha=0.01, holidays=told).set_index("period")
    assert ignorant.loc["2026-02-14", "alarm"].mean() > 0.9
    assert knowing.loc["2026-02-14", "alarm"].mean() < 0.15
    told.write_text("2026-02-14\nsoon\n")
    with pytest.raises(RadarError, match="line 2 holds no date"):
        judge_file(path, "day", chinese_calendar="none", last=1, alpha=0.01, holidays=told)
    with pytest.raises(RadarError, match="not a readable file of dates"):
        judge_file(path, "day", chinese_calendar="none", last=1, alpha=0.01, holidays=tmp_path / "missing.csv")


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_ears_judges_by_the_handful_of_periods_before(method):
    table = poisson(24, 5, 12, 30)
    table[3, -1] = 30
    scores = judge_table(counts(table), "week", chinese_calendar="none", last=25, alpha=0.001, method=method)
    assert list(scores.columns) == COLUMNS
    peak = scores[(scores["series_id"] == "s03")].iloc[-1]
    assert peak["alarm"]
    assert peak["observed"] > peak["upper"]
    lag = 0 if method == "C1" else 2
    assert peak["expected"] == pytest.approx(table[3, 29 - lag - 7 : 29 - lag].mean(), abs=1e-3)
    assert scores.groupby("series_id").nth(0)["expected"].isna().all()  # the sixth period has no seven before it
    assert (scores.groupby("series_id").nth(0)["p_value"] == 1).all()


def test_a_method_that_is_not_known_is_refused():
    with pytest.raises(RadarError, match="--method C4 is not known: auto, C1, C2, C3"):
        judge_table(counts(poisson(25, 5, 2, 30)), "week", chinese_calendar="none", last=1, alpha=0.01, method="C4")
