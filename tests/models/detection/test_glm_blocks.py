"""Series fitted in blocks are fitted as they would be together."""

import numpy as np
import pytest

from models.detection import glm
from models.detection.glm import Design, fit_poisson


@pytest.mark.parametrize("block", [1, 3, 7, 100])
def test_blocks_change_nothing(monkeypatch, block):
    rng = np.random.default_rng(1)
    design = Design(np.column_stack([np.ones(40), rng.normal(size=(40, 2))]))
    counts = rng.poisson(3, size=(7, 40)).astype(float)
    weights, start = rng.uniform(0.5, 1, size=(7, 40)), rng.normal(size=(7, 3)) * 0.1
    penalty, offset = rng.uniform(0.1, 1, size=(7, 3)), rng.normal(size=(7, 40)) * 0.1
    together = fit_poisson(counts, design, offset, weights, penalty, start, 4)
    quadratic = design.quadratic(together.inverse_information)
    monkeypatch.setattr(glm, "BLOCK", block)
    apart = fit_poisson(counts, design, offset, weights, penalty, start, 4)
    for name in ("coefficients", "mean", "inverse_information"):
        np.testing.assert_allclose(getattr(apart, name), getattr(together, name), rtol=1e-10)
    np.testing.assert_allclose(design.quadratic(apart.inverse_information), quadratic, rtol=1e-10)
