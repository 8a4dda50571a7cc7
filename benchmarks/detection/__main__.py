"""Detection quality beside published methods: `python -m benchmarks.detection [--quick] [section …]`.

Without `--quick` the methods of R take most of about half an hour. `learners` sets scikit-learn's models beside ours.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.detection.real_series import REAL_DATA
from benchmarks.detection.sections import SECTIONS, Options

QUICK_REPLICATES, QUICK_DAILY_REPLICATES = 10, 4


def main(arguments: list[str] | None = None) -> None:
    """Run the sections asked for, all of them if none is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.detection", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all unless given")
    parser.add_argument("--quick", action="store_true", help="fewer series, and no method of R")
    parser.add_argument("--no-r", action="store_true", help="no method of R")
    parser.add_argument("--each", action="store_true", help="judge ours also with every series in a table of its own")
    parser.add_argument("--replicates", type=int, help="series per scenario of the weekly worlds; k is balanced over ten")
    parser.add_argument("--daily-replicates", type=int, help="series per signal of the daily world; k is balanced over four")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=Path("build/benchmarks/detection"), help="folder of charts and tables")
    parser.add_argument("--data", type=Path, default=REAL_DATA, help="folder of the real data")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"no section {unknown[0]}; there are {', '.join(SECTIONS)}")
    options = Options(
        output=asked.output,
        replicates=asked.replicates or (QUICK_REPLICATES if asked.quick else Options.replicates),
        daily_replicates=asked.daily_replicates or (QUICK_DAILY_REPLICATES if asked.quick else Options.daily_replicates),
        seed=asked.seed,
        with_r=not (asked.quick or asked.no_r),
        each=asked.each,
        data=asked.data,
    )
    # A pipe has no width, and tables squeezed into 80 characters cannot be read.
    console = Console(width=None if sys.stdout.isatty() else 150)
    for name in asked.sections or SECTIONS:
        SECTIONS[name](console, options)
    console.print(f"charts and tables: {options.output}")


if __name__ == "__main__":
    main()
