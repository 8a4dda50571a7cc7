"""The truth file: what is read from it, and how a broken one is refused."""

from __future__ import annotations

import copy
import datetime as dt
import json

import pytest

from jobs.truth import read_truth
from warehouse.errors import RadarError

TRUTH = {
    "version": 1,
    "preset": "demo",
    "seed": 12315,
    "area": "浙江省",
    "first_day": "2026-04-06",
    "last_day": "2026-06-14",
    "rows": {"whatever": 3},
    "incidents": [
        {
            "id": "compressor",
            "kind": "defective_product",
            "title": "丙牌空调压缩机起火",
            "real": True,
            "onset": "2026-06-10",
            "end": "2026-06-14",
            "size": 24,
            "shape": {"name": "lognormal", "median_days": 12.0, "sigma": 0.5},
            "complaint_ids": ["N1", "N2"],
        },
        {
            "id": "sale",
            "kind": "calendar_peak",
            "title": "618",
            "real": False,
            "onset": "2026-06-01",
            "end": "2026-06-20",
            "size": 0,
            "complaint_ids": [],
        },
    ],
}


def write(tmp_path, content):
    path = tmp_path / "truth.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def changed(**incident):
    truth = copy.deepcopy(TRUTH)
    truth["incidents"][0].update(incident)
    return truth


def test_a_truth_file_is_read_and_what_a_score_does_not_need_is_left(tmp_path):
    truth = read_truth(write(tmp_path, TRUTH))
    assert truth.last_day == dt.date(2026, 6, 14)
    assert truth.incidents[0].complaint_ids == ["N1", "N2"]
    assert truth.first_real_onset == dt.date(2026, 6, 10)  # the peak began before it and is not real
    assert read_truth(write(tmp_path, changed(real=False))).first_real_onset is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("no json", "truth.json: Invalid JSON"),
        ("", "truth.json: Invalid JSON"),
        ("[1, 2]", "truth.json: Input should be an object"),
        ({**TRUTH, "version": 2}, "version: Input should be 1"),
        ({key: value for key, value in TRUTH.items() if key != "version"}, "version: Field required"),
        ({**TRUTH, "incidents": []}, "incidents: List should have at least 1 item"),
        ({**TRUTH, "last_day": "2026-01-01"}, "the world ends on 2026-01-01, before its first day"),
        ({**TRUTH, "incidents": TRUTH["incidents"][:1] * 2}, "there are two incidents compressor"),
        (changed(onset="soon"), "incidents.0.onset: "),
        (changed(end="2026-06-09"), "compressor ends on 2026-06-09, before its onset 2026-06-10"),
        (changed(complaint_ids="N1"), "incidents.0.complaint_ids: "),
        (changed(kind="<script>"), "incidents.0.kind: "),
    ],
)
def test_a_broken_truth_file_is_one_line_that_names_the_place(tmp_path, content, message):
    with pytest.raises(RadarError) as error:
        read_truth(write(tmp_path, content))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_truth_file_that_is_not_there(tmp_path):
    with pytest.raises(RadarError, match="No such file"):
        read_truth(tmp_path / "none.json")
    with pytest.raises(RadarError, match="truth file"):
        read_truth(tmp_path)
