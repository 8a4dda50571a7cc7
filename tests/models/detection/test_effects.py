"""What kind of day each is."""

import numpy as np
import pandas as pd

from models.detection.effects import Effects, day_types


def types(first, last, holidays=(), made_up=()):
    days = pd.date_range(first, last, freq="D")
    columns, names = day_types(days, days.isin(pd.DatetimeIndex(holidays)), days.isin(pd.DatetimeIndex(made_up)))
    return {name: [day.strftime("%m-%d") for day in days[columns[:, place] == 1]] for place, name in enumerate(names)}


def test_an_ordinary_week_has_weekdays_only():
    kinds = types("2026-11-02", "2026-11-08")
    assert kinds == {
        "weekday 2": ["11-03"],
        "weekday 3": ["11-04"],
        "weekday 4": ["11-05"],
        "weekday 5": ["11-06"],
        "weekday 6": ["11-07"],
        "weekday 7": ["11-08"],
        "weekday off": [],
        "weekend holiday": [],
        "after holiday": [],
        "made up": [],
    }


def test_national_day_of_2024_with_its_weekends_and_the_days_made_up():
    holidays = pd.date_range("2024-10-01", "2024-10-07")
    kinds = types("2024-09-23", "2024-10-20", holidays, ["2024-09-29", "2024-10-12"])
    assert kinds["weekday off"] == ["10-01", "10-02", "10-03", "10-04", "10-07"]
    assert kinds["weekend holiday"] == ["10-05", "10-06"]
    assert kinds["after holiday"] == ["10-08"]
    assert kinds["made up"] == ["09-29", "10-12"]


def test_what_a_friday_off_left_undone_is_made_up_for_on_monday():
    assert types("2026-11-02", "2026-11-12", ["2026-11-06"])["after holiday"] == ["11-09"]


def test_effects_side_by_side_and_cut():
    effects = Effects.of((np.eye(4), ["a", "b", "c", "d"]), (np.ones((4, 1)), ["e"]))
    assert effects.names == ("a", "b", "c", "d", "e")
    assert effects.until(2).columns.tolist() == [[1, 0, 0, 0, 1], [0, 1, 0, 0, 1]]
    assert Effects.none(3).columns.shape == (3, 0)
