"""Alarms about one thing become one hotspot."""

from __future__ import annotations

from collections.abc import Sequence

from scipy import sparse


def fold(members: sparse.csr_array, independent: Sequence[float], upper: Sequence[float]) -> list[int]:
    """Fold every alarm that stronger ones explain into the one it shares most complaints with.

    An alarm is explained if, without the complaints of the hotspots before it, it would not exceed what is normal for it.
    Parts, wholes and crossings (a brand, its model, the model's fault, the province they are in) thus meet without any
    knowledge of the dimensions.

    Args:
        members: `n_alarms × n_complaints`, 1 where the complaint counts for the alarm; strongest alarm first.
        independent: independent complaints of each alarm.
        upper: the bound that a normal count of each alarm does not exceed.

    Returns:
        For every alarm the index of the hotspot's main alarm; its own where it is one.
    """
    own = [set(members[[alarm]].indices.tolist()) for alarm in range(len(independent))]
    explained: set[int] = set()
    main: list[int] = []
    for alarm, complaints in enumerate(own):
        shared = len(complaints & explained)
        if shared and independent[alarm] - shared <= upper[alarm]:
            heads = sorted(set(main))
            main.append(max(heads, key=lambda head: (len(complaints & own[head]), -head)))
        else:
            main.append(alarm)
            explained |= complaints
    return main
