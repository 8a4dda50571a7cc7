"""The benchmarks run: on little work, since their figures are for `make bench` to tell."""

import pytest

from benchmarks import detection, masking, merchants, pairs, regions, segmentation, simulation

LITTLE = {
    segmentation: {"TEXTS": 30},
    detection: {"SERIES": 12, "REFERENCE_SERIES": 3},
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
