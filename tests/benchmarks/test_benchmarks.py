"""The benchmarks run: on little work, since their figures are for `make bench` to tell."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import (
    extraction,
    masking,
    merchants,
    near_duplicates,
    pairs,
    regions,
    segmentation,
    severity,
    simulation,
)
from benchmarks.detection import speed as detection_speed

ROOT = Path(__file__).parent.parent.parent
LITTLE = {
    segmentation: {"TEXTS": 30},
    detection_speed: {"SERIES": 12, "REFERENCE_SERIES": 3},
    extraction: {"REPEATS": 1},
    near_duplicates: {"TEXTS": 60, "COMPARED": 40},
    masking: {"CASES": 50, "TEXTS": 50, "REAL_TEXTS": 50},
    merchants: {"DAYS": 3, "NAMES": 60},
    regions: {"ADDRESSES": 50, "TEXTS": 30, "EVERY": 50},
    simulation: {"DAYS": 2, "SCALE": 0.001, "MEMORY_DAYS": (1, 2)},
}


@pytest.mark.parametrize("benchmark", LITTLE, ids=lambda module: module.__name__)
def test_it_compares_two_ways_to_do_the_same(benchmark, monkeypatch):
    monkeypatch.setattr(pairs, "ROUNDS", 2)
    for name, value in LITTLE[benchmark].items():
        assert hasattr(benchmark, name)
        monkeypatch.setattr(benchmark, name, value)
    comparison = benchmark.run()
    assert len(comparison.ratios) == 2
    assert min(comparison.ours, comparison.other, *comparison.ratios) > 0
    assert comparison.items > 0
    assert comparison.what in str(comparison)


def test_both_segmenters_cut_generated_texts_alike(monkeypatch, capsys):
    monkeypatch.setattr(pairs, "ROUNDS", 1)
    monkeypatch.setattr(segmentation, "TEXTS", 500)
    segmentation.run()
    assert "100.00% of 500 texts" in capsys.readouterr().out


def test_severity_of_sentences_that_its_words_were_not_written_for():
    found = severity.measure(severity.labelled("test"), severity.level_of)
    # What was measured, less three standard errors: a change that loses more is no accident.
    assert found["level >= 3"].recall >= 0.72
    assert found["level >= 3"].precision >= 0.75
    assert found["level 0"].recall >= 0.80


def test_facts_of_sentences_that_the_words_were_not_tuned_on():
    found = extraction.scores(extraction.shares()["testing"])
    for field in ("dates", "requests", "platforms", "brands", "injured"):
        assert found[field].recall >= 0.9, field
        assert found[field].precision >= 0.9, field
    for field in ("amounts", "series", "merchants", "defects"):
        assert found[field].recall >= 0.75, field
        assert found[field].precision >= 0.75, field


def test_loading_prints_its_figures():
    # In a process of its own, as it starts and ends a session.
    little = "from benchmarks import loading; loading.DAYS, loading.SCALE, loading.ROWS = 3, 0.0005, 100; print(loading.run())"
    done = subprocess.run([sys.executable, "-c", little], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    first, increment, plain, ratio = done.stdout.splitlines()
    rows, speed, more, seconds, peak = figures(
        r"loading: (\S+) rows at (\S+) rows/s, (\S+) more in (\S+) s; peak (\S+) MB", first
    )
    day, history, took = figures(r"loading: a day of (\S+) rows on top of (\S+) takes (\S+) s", increment)
    assert min(rows, speed, more, seconds, peak, day, took) > 0
    assert history == rows + more
    assert min(figures(r"loading: the plain script (\S+) rows/s; peak (\S+) MB", plain)) > 0
    assert "ratio" in ratio


def figures(pattern: str, line: str) -> list[float]:
    found = re.fullmatch(pattern, line)
    assert found, line
    return [float(figure.replace(",", "")) for figure in found.groups()]
