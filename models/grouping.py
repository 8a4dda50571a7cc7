"""Alarms about one thing become one hotspot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse


def fold(members: sparse.csr_array, observed: Sequence[float], upper: Sequence[float]) -> list[int]:
    """Fold every alarm into the first alarm before it that explains it.

    An alarm is explained by a stronger one if, without the complaints that both share, it would not exceed what is
    normal for it. Parts, wholes and crossings (a brand, its model, the model's fault) thus meet without any knowledge
    of the dimensions.

    Args:
        members: `n_alarms × n_complaints`, 1 where the complaint counts for the alarm; strongest alarm first.
        observed: complaints of each alarm.
        upper: the bound that a normal count of each alarm does not exceed.

    Returns:
        For every alarm the index of the hotspot's main alarm; its own where it is one.
    """
    # 32-bit counts: a product of two byte arrays would overflow at 128 shared complaints.
    shared = (members.astype(np.int32) @ members.astype(np.int32).T).toarray()
    main: list[int] = []
    for alarm in range(len(observed)):
        explained_by = (
            other for other in range(alarm) if main[other] == other and observed[alarm] - shared[alarm, other] <= upper[alarm]
        )
        main.append(next(explained_by, alarm))
    return main
