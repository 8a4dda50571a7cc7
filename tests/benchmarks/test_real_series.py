"""Real series: bookkeeping on hand-made cases, and the real data where they are."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.detection import calendar_alarms, labelled_outbreaks, recall_leads
from benchmarks.detection.real_series import (
    DataMissingError,
    Judged,
    count_series,
    judge_ears,
    judge_farrington,
    judge_naively,
    judge_ours,
    runs,
)
from benchmarks.detection.references import why_missing

MONDAYS = pd.date_range("2020-01-06", periods=20, freq="7D")


def marked(shape, *places):
    found = np.zeros(shape, dtype=bool)
    for place in places:
        found[place] = True
    return found


def test_events_are_counted_by_series_and_period():
    rows = pd.DataFrame(
        {
            "make": ["A", "A", "B", "A", None],
            "model": ["x", "x", "y", "x", "x"],
            "day": ["2020-01-06", "2020-01-12", "2020-01-13", "2019-12-31", "2020-01-13"],
        }
    )
    names, counts = count_series(rows, ["make", "model"], "day", MONDAYS[:2])
    assert names.tolist() == [("A", "x"), ("B", "y")]
    assert counts.tolist() == [[2, 0], [0, 1]]


def test_runs_of_marks():
    assert runs(np.array([1, 1, 0, 1, 0, 0, 1], dtype=bool)) == [slice(0, 2), slice(3, 4), slice(6, 7)]
    assert runs(np.zeros(3, dtype=bool)) == []


def test_a_missing_data_set_is_named(tmp_path):
    for module in (labelled_outbreaks, recall_leads, calendar_alarms):
        with pytest.raises(DataMissingError, match="not part of the project"):
            module.load(tmp_path)
    (tmp_path / "outbreak_series").mkdir()
    with pytest.raises(DataMissingError, match="holds no series"):
        labelled_outbreaks.load(tmp_path)


def test_the_naive_threshold_by_hand():
    counts = np.array([[0, 2] * 10 + [5], [0] * 20 + [2]])
    judged = judge_naively(counts, 1, window=20)
    assert judged.score[0, 0] == pytest.approx(4.0)  # mean and deviation are 1
    assert judged.alarm.ravel().tolist() == [True, False]
    assert judged.score[1, 0] == 0  # fewer than three cases are never an alarm


def test_labels_are_scored_by_week_and_by_episode():
    outbreak = marked((2, 10), (0, slice(2, 5)), (0, slice(7, 8)), (1, slice(0, 4)))
    alarm = marked((2, 10), (0, 3), (0, 9), (1, 5))
    found = labelled_outbreaks.score("made", alarm, outbreak)
    assert found.false_positive_rate == pytest.approx(2 / 12)
    assert found.sensitivity == pytest.approx(1 / 8)
    assert (found.found, found.episodes) == (1, 3)


def test_the_later_years_become_the_history():
    weeks = 209
    counts = np.arange(weeks)[None]
    labels = marked((1, weeks), (0, slice(0, 5)), (0, 66))
    turned = labelled_outbreaks.Labelled(["made"], MONDAYS, counts, labels).with_later_years_first()
    assert turned.counts[0, 0] == 67
    assert turned.counts[0, -67:].tolist() == list(range(67))
    assert np.flatnonzero(turned.outbreak[0]).tolist() == [*range(142, 147), 208]


def test_names_of_components_with_commas_of_their_own():
    assert recall_leads.components("SERVICE BRAKES, HYDRAULIC,POWER TRAIN,ENGINE") == [
        "SERVICE BRAKES",
        "POWER TRAIN",
        "ENGINE",
    ]
    assert recall_leads.components("ENGINE,ENGINE AND ENGINE COOLING") == ["ENGINE"]


def made_recalls(rows, weeks):
    names = pd.MultiIndex.from_tuples([("A", "x", "ENGINE"), ("A", "x", "SEATS")])
    periods = pd.date_range("2020-01-06", periods=60, freq="7D")
    return recall_leads.Recalls(names, periods, np.ones((2, 60), dtype=int), np.array(rows), np.array(weeks))


def test_an_alert_counts_only_before_the_recall_and_in_its_window():
    # 50 judged weeks, from the eleventh on. Recalls in judged weeks 30 and 40 of the first series, 30 of the second.
    recalls = made_recalls([0, 0, 1], [40, 50, 40])
    judged = Judged("made", np.zeros((2, 50)), marked((2, 50), (0, 24), (0, 27), (0, 30), (1, 30), (1, 19), (1, 3)))
    found = recall_leads.leads(recalls, judged, window=10)
    assert found.recalls == 3
    # The first recall was preceded by six weeks; the second by its alarm in week 30, ten weeks before; the third by none.
    assert found.early == pytest.approx(2 / 3)
    assert found.median_lead == pytest.approx((6 + 10) / 2)
    # Outside of windows: weeks 20 to 39 of the first series and 20 to 29 of the second are inside.
    assert found.false_alarms == pytest.approx(3 / (100 - 30))
    # Windows end before weeks 10 to 50. In the first series those before 31 to 50 reach back to a recall; of the 21 others
    # those before 25 to 30 hold an alarm. In the second 31 to 40 do; of the 31 others 10 to 13, 20 to 29 and none behind.
    assert found.by_chance == pytest.approx((2 * 6 / 21 + 14 / 31) / 3)


def test_recalls_without_a_whole_window_before_them_are_left_out():
    recalls = made_recalls([0, 0], [15, 58])
    judged = Judged("made", np.zeros((2, 50)), marked((2, 50)))
    found = recall_leads.leads(recalls, judged, window=10)
    assert found.recalls == 1
    assert (found.early, found.by_chance, found.median_lead) == (0, 0, None)


def test_recalls_that_complaints_cannot_show_are_left_out():
    recalls = made_recalls([0, 1], [40, 40])
    recalls.counts[1, 30:40] = [0, 0, 1, 1, 1, 1, 0, 0, 0, 0]
    judged = Judged("made", np.ones((2, 50)), np.ones((2, 50), dtype=bool))
    assert recall_leads.leads(recalls, judged, window=10).recalls == 1


def test_who_always_alarms_is_no_better_than_chance():
    recalls = made_recalls([0, 1], [40, 50])
    judged = Judged("made", np.ones((2, 50)), np.ones((2, 50), dtype=bool))
    found = recall_leads.leads(recalls, judged, window=10)
    assert (found.early, found.by_chance, found.false_alarms) == (1, 1, 1)


def test_alarms_by_event():
    days = pd.date_range("2024-02-12", "2024-03-31", freq="D")
    alarm = marked((3, len(days)), (0, 3), (1, 31), (2, 31), (2, 45))
    found = calendar_alarms.alarms_by_event(Judged("made", alarm.astype(float), alarm), "day", "brand", days)
    # 15 February lies in the holiday, 14 March beside the rights day, 28 March in neither.
    assert found.alarms == {"Spring Festival": 1, "consumer rights day": 2, "other": 1}
    assert found.shares["consumer rights day"] == pytest.approx(2 / (3 * 6))
    weeks = pd.date_range("2024-02-26", "2024-03-25", freq="7D")
    found = calendar_alarms.alarms_by_event(Judged("made", np.zeros((3, 5)), marked((3, 5))), "week", "brand", weeks)
    assert found.shares["Spring Festival"] is None
    assert found.shares["consumer rights day"] == 0


def test_ours_and_ears_find_what_was_planted():
    counts = np.random.default_rng(1).poisson(6, (8, 130))
    counts[2, -1] = 30
    periods = pd.date_range("2020-01-06", periods=130, freq="7D")
    for judged in (judge_ours(counts, periods, 3), judge_ears(counts, 3, "C1")):
        assert judged.alarm.shape == (8, 3)
        assert judged.alarm[2, 2], judged.method
        assert judged.score.argmax() == 8
        assert judged.at_rate(np.ones((8, 3), dtype=bool), 1 / 24)[2, 2]


@pytest.mark.skipif(why_missing() is not None, reason=str(why_missing()))
def test_farrington_judges_real_series_too():
    counts = np.random.default_rng(2).poisson(6, (2, 150))
    counts[1, -1] = 40
    judged = judge_farrington(counts, pd.date_range("2020-01-06", periods=150, freq="7D"), 2)
    assert judged.alarm.tolist()[1][1]
    assert judged.score.argmax() == 3


def test_the_labelled_series_are_what_they_are_said_to_be(shared_data):
    labelled = labelled_outbreaks.load(shared_data)
    assert labelled.counts.shape == (7, 209)
    assert labelled.outbreak.sum() == 87
    assert np.flatnonzero(labelled.outbreak.any(axis=0)).max() == labelled_outbreaks.LABELLED_WEEKS - 1
    scores, missing = labelled_outbreaks.measure_in_order(labelled)
    assert not missing
    assert {one.episodes for one in scores} == {6}
    ours = next(one for one in scores if one.rate == 0.01 and one.method == "Complaint Radar")
    ears_c2 = next(one for one in scores if one.rate == 0.01 and one.method == "EARS C2")
    assert ours.false_positive_rate <= 0.01
    assert ours.sensitivity > ears_c2.sensitivity


def test_recalls_meet_the_series_of_their_complaints(shared_data):
    recalls = recall_leads.load(shared_data)
    assert len(recalls.names) == len(recalls.counts) > 50
    assert (recalls.counts.sum(axis=1) >= recall_leads.SMALLEST_TOTAL).all()
    assert len(recalls.row) > 100
    assert recalls.row.max() < len(recalls.names)
    assert set(recalls.names.get_level_values("make")) == {"FORD", "TESLA"}


def test_the_rights_day_raises_no_more_alarms_than_other_weeks_on_faults(shared_data):
    found = calendar_alarms.measure(calendar_alarms.load(shared_data))
    ours = {(one.frequency, one.level): one for one in found if one.method == "Complaint Radar"}
    assert len(ours) == 8
    naive = {(one.frequency, one.level): one for one in found if one.method == "mean + 3 deviations"}
    day = "consumer rights day"
    # What is common to all faults is no hotspot of one of them.
    assert ours["week", "fault"].alarms[day] < naive["week", "fault"].alarms[day]
