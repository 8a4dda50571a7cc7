"""The command of the detection benchmark, on little."""

from functools import partial

import pytest

from benchmarks.detection import sections
from benchmarks.detection.__main__ import main
from benchmarks.detection.boosting import Boosting
from benchmarks.detection.learners import judge_with_learners
from benchmarks.detection.sections import SECTIONS


def test_a_section_prints_its_tables_and_writes_charts(tmp_path, capsys):
    main(["--quick", "--replicates", "1", "weekly", "--output", str(tmp_path)])
    printed = capsys.readouterr().out
    for words in ("42 scenarios, 42 series", "at 1 % false positive rate", "at own thresholds", "oracle", "EARS C2", "k=1"):
        assert words in printed
    assert "(R)" not in printed
    names = {path.name for path in tmp_path.iterdir()}
    charts = {f"weekly-{kind}.{ending}" for kind in ("curves", "sizes", "scenarios") for ending in ("png", "svg")}
    assert names == charts | {"weekly.csv"}
    assert (tmp_path / "weekly-curves.png").stat().st_size > 5000


def test_the_calendar_is_judged_with_and_without(tmp_path, capsys):
    main(["--quick", "--replicates", "1", "calendar", "--output", str(tmp_path)])
    assert "Complaint Radar without calendar" in capsys.readouterr().out


def test_missing_data_are_said(tmp_path, capsys):
    main(["--quick", "real", "--data", str(tmp_path / "none"), "--output", str(tmp_path)])
    printed = capsys.readouterr().out
    assert printed.count("left out:") == 3
    assert "not part of the project" in printed


def test_an_unknown_section_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["monthly"])
    assert "no section monthly; there are weekly, calendar, daily, learners, discovery, real" in capsys.readouterr().err


def test_all_sections_are_there():
    assert list(SECTIONS) == ["weekly", "calendar", "daily", "learners", "discovery", "real"]


def test_false_discoveries_are_counted(capsys, tmp_path):
    main(["--quick", "--replicates", "1", "discovery", "--output", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "210 series a week" in printed
    assert "outbreaks discovered" in printed


def test_learners_are_judged_with_and_without_calendar(capsys, tmp_path, monkeypatch):
    quick = partial(judge_with_learners, boosting=Boosting(passes=1, trees=10, leaves=4))
    monkeypatch.setattr(sections, "judge_with_learners", quick)
    main(["--quick", "--replicates", "1", "learners", "--output", str(tmp_path)])
    printed = capsys.readouterr().out
    for kind in ("weekly", "calendar"):
        assert f"scikit-learn, {kind}, 42 series, at 1 % false positive rate" in printed
        assert (tmp_path / f"learners-{kind}.csv").exists()
    for words in ("at own thresholds", "boosting, week alone", "boosting and ours", "isolation forest", "Complaint Radar less"):
        assert words in printed
