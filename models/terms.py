"""Words that set one group of complaints apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.detection.predictive import Array


def log_odds(target: Array, background: Array, prior_weight: float = 0.01) -> Array:
    """How much more a word is used in the target than in the background, as a z-score per word.

    Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Fightin' Words, Political
    Analysis 16): ratios of rare words are drawn to zero, so that boilerplate and chance do not lead the list.

    Args:
        target: `n_terms`; complaints of the target that use the word.
        background: `n_terms`; complaints outside of the target that use it.
        prior_weight: weight of the words' common use as prior, relative to the background's size.
    """
    common = target + background
    prior = np.maximum(prior_weight * common, 0.01)
    total = prior.sum()

    def logit(counts: Array) -> Array:
        return np.asarray(np.log((counts + prior) / (counts.sum() + total - counts - prior)))

    variance = 1 / (target + prior) + 1 / (background + prior)
    return np.asarray((logit(target) - logit(background)) / np.sqrt(variance), dtype=float)


def leading_terms(usage: pd.DataFrame, *, most: int, minimum: int, score: float) -> list[str]:
    """Words that the target uses clearly more, the most telling first.

    Args:
        usage: columns `term`, `used` (complaints of the target that use it), `elsewhere` (other complaints that do).
        most: words at the most.
        minimum: complaints of the target that must use a word.
        score: z-score that a word must reach.
    """
    if usage.empty:
        return []
    scored = usage.assign(score=log_odds(usage["used"].to_numpy(float), usage["elsewhere"].to_numpy(float)))
    telling = scored[(scored["used"] >= minimum) & (scored["score"] >= score)]
    ordered = telling.sort_values(["score", "term"], ascending=[False, True])
    return [str(term) for term in ordered["term"].head(most)]
