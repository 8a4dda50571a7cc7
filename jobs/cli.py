"""The `radar` command: all that the DAGs run, for a person at a terminal."""

from __future__ import annotations

import sys

from jobs.commands import app
from jobs.commands.base import fail
from warehouse.errors import RadarError


def main() -> None:
    """Run the command line; what the user can mend is one clear line and exit code 1."""
    try:
        app(prog_name="radar")
    except RadarError as error:
        sys.exit(fail(str(error)))


if __name__ == "__main__":
    main()
