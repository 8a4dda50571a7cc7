"""All steps in their order, for one source and business date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from features.profiles import PROFILE
from jobs.aggregate import COUNTS, TERMS, aggregate
from jobs.alarm_rows import ALARMS
from jobs.arrivals import Arrivals, ingest_arrivals
from jobs.completeness import COMPLETENESS, estimate_completeness
from jobs.detect import Detected, detect
from jobs.enrich import enrich
from jobs.hotspots import HOTSPOTS
from jobs.judges import unfit_told
from jobs.ledger import LOADS, Load, loads, months_of
from jobs.links import LINKS
from jobs.notify import Notified, notify
from jobs.publish import Published, publish
from jobs.quality import quality_gate, touched_months
from jobs.refine import refine
from warehouse.errors import RadarError
from warehouse.sources import SILVER

if TYPE_CHECKING:
    from jobs.ingest import Ingested
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
    warehouse: Warehouse, mapping: SourceMapping, arrivals: Arrivals, as_of: dt.date, progress: Progress
) -> PipelineResult:
    """All steps; each table is held to its contract before the next step reads it.

    Raises:
        RadarError: a file cannot be cut into rows, no row of the arrivals could be accepted, or a quality check stops the run.
    """
    stream = mapping.stream.id
    progress("ingest: landing files into bronze")
    ingested = ingest_arrivals(warehouse, mapping, arrivals, as_of)
    with quality_gate(warehouse, as_of, [stream]) as gate:
        progress("refine: typed, masked, merged by complaint")
        refine(warehouse)
        touched = touched_months(warehouse, as_of)
        progress("quality: ledger and complaints")
        gate.check([LOADS, SILVER], touched)
        progress("enrich: words, product, issue, severity")
        for line in unfit_told(warehouse.home):
            progress(line)
        enrich(warehouse)
        progress("quality: profiles")
        gate.check([PROFILE, LINKS], touched)
        progress("aggregate: counts of the touched days")
        recounted = months_of(aggregate(warehouse).days)
        estimate_completeness(warehouse, stream, as_of)
        done = _loads_of(warehouse, ingested)
        progress("quality: counts and completeness")
        gate.check([COUNTS, TERMS, COMPLETENESS], {*touched, *recounted})
        progress("detect: every detector asked")
        detected = detect(warehouse, stream, as_of)
        progress("quality: hotspots and alarms")
        gate.check([HOTSPOTS, ALARMS])
    progress("publish: weekly report")
    published = publish(warehouse, stream, as_of)
    progress("notify: alert mails")
    notified = notify(warehouse, stream, as_of, published.files["html"])
    return PipelineResult(done, len(ingested.known), detected, published, notified)


def _loads_of(warehouse: Warehouse, ingested: Ingested) -> list[Load]:
    """The loads of the arrivals as they stand now."""
    given = {load.load_id for load in (*ingested.new, *ingested.known)}
    done = [load for load in loads(warehouse) if load.load_id in given]
    if done and not any(load.rows_accepted for load in done):
        raise RadarError(
            f"none of the {sum(load.rows_in for load in done)} rows of {done[0].source} could be accepted; "
            "the reasons are in silver.rejected_complaints"
        )
    return done
