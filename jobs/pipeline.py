"""All steps in their order, for one source and business date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.aggregate import aggregate
from jobs.detect import Detected, detect
from jobs.enrich import enrich
from jobs.ingest import ingest
from jobs.ledger import Load, loads
from jobs.notify import Notified, notify
from jobs.publish import Published, publish
from jobs.refine import refine
from warehouse.errors import RadarError

if TYPE_CHECKING:
    from warehouse.landing import LandingFile
    from warehouse.sources import SourceMapping
    from warehouse.storage import Warehouse

Progress = Callable[[str], None]


@dataclass(frozen=True)
class PipelineResult:
    """What a run did. `loads` are those of the files given, also where their content was known before."""

    loads: list[Load]
    known: int
    detected: Detected
    published: Published
    notified: Notified

    @property
    def rows_in(self) -> int:
        return sum(load.rows_in for load in self.loads)

    @property
    def accepted(self) -> int:
        return sum(load.rows_accepted or 0 for load in self.loads)

    @property
    def rejected(self) -> int:
        return sum(load.rows_rejected or 0 for load in self.loads)

    @property
    def files(self) -> list[Path]:
        """Files written: reports and mails."""
        return [*self.published.files.values(), *self.notified.files]


def run_pipeline(
    warehouse: Warehouse, mapping: SourceMapping, files: Sequence[LandingFile], as_of: dt.date, progress: Progress
) -> PipelineResult:
    """Ingest, refine, enrich, aggregate, detect, publish, notify.

    Raises:
        RadarError: a file cannot be cut into rows, or no row of the files given could be accepted.
    """
    progress("ingest: landing files into bronze")
    ingested = ingest(warehouse, mapping, files, as_of)
    progress("refine: typed, masked, merged by complaint")
    refine(warehouse)
    progress("enrich: words, product, issue, severity")
    enrich(warehouse)
    progress("aggregate: counts of the touched days")
    aggregate(warehouse)
    given = {load.load_id for load in (*ingested.new, *ingested.known)}
    done = [load for load in loads(warehouse) if load.load_id in given]
    if not any(load.rows_accepted for load in done):
        raise RadarError(
            f"none of the {sum(load.rows_in for load in done)} rows of {mapping.source} could be accepted; "
            "the reasons are in silver.rejected_complaints"
        )
    progress("detect: every series judged")
    detected = detect(warehouse, mapping.stream.id, as_of)
    progress("publish: weekly report")
    published = publish(warehouse, mapping.stream.id, as_of)
    progress("notify: alert mails")
    notified = notify(warehouse, mapping.stream.id, as_of, published.files["html"])
    return PipelineResult(done, len(ingested.known), detected, published, notified)
