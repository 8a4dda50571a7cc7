"""The checks that a contract can name: expectations of every row, and monitors of what no single row shows.

A check is a line of a contract's `checks`. What a column promises by itself (`nullable`, `values`, `min`, `max`, `pattern`)
needs no line.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from warehouse.strict import Name, Sentence, Strict

Strength = Literal["stop", "warn"]
Share = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=1)]


class Check(Strict):
    """A line of a contract's `checks`.

    Attributes:
        strength: a broken check stops the pipeline, or is told and recorded only.
        en, zh: what it asks for, for those who read that it is broken.
        needs: columns that a table must have for the check.
    """

    strength: Strength
    en: Sentence
    zh: Sentence
    needs: ClassVar[tuple[str, ...]] = ()

    @property
    def subject(self) -> str:
        """What tells two checks of one kind apart: a column, a level or a name; empty where there is one per table."""
        return ""


class RowCount(Check):
    """The table is not empty."""

    check: Literal["row_count"]
    min: Count = 1


class Condition(Check):
    """A Spark SQL condition that every row satisfies; a row where it is null passes, as with CHECK in SQL.

    It must not raise (`try_cast`, not `cast`): what Spark then writes to its log may quote a cell.
    """

    check: Literal["condition"]
    name: Name
    holds: Sentence

    @property
    def subject(self) -> str:
        return self.name


class Freshness(Check):
    """The newest row of a stream is not older than so many days."""

    check: Literal["freshness"]
    max_days: Days
    needs: ClassVar[tuple[str, ...]] = ("stream", "event_date")


class Silence(Check):
    """No source is silent for longer than its own habit.

    Attributes:
        lookback_days: days whose gaps are the source's habit.
        gap_factor: how many times its usual longest gap (the 95 % quantile) a source may be silent.
        min_days: silence of fewer days is never told.
        forget_days: after so long a silence a source counts as given up.
    """

    check: Literal["silence"]
    lookback_days: Days
    gap_factor: Annotated[float, Field(ge=1)]
    min_days: Days
    forget_days: Days
    needs: ClassVar[tuple[str, ...]] = ("source", "stream", "event_date")


class Volume(Check):
    """The count of each of the newest days is near the median of the same weekdays before, its completeness allowed for.

    Attributes:
        days: how many of the newest days are judged.
        weeks: same weekdays that are the history; days of another kind in the consumer calendar do not count.
        min_history: with fewer of them nothing is judged.
        deviations: robust standard deviations that a day may be away from the median.
        min_ratio: factor that it must be away as well, up or down.
        min_completeness: a day reported less completely is not judged.
    """

    check: Literal["volume"]
    days: Days
    weeks: Count
    min_history: Annotated[int, Field(ge=3)]
    deviations: Annotated[float, Field(gt=0)]
    min_ratio: Annotated[float, Field(gt=1)]
    min_completeness: Share
    needs: ClassVar[tuple[str, ...]] = ("stream", "event_date", "level", "raw_count")


class Recent(Check):
    """A figure of the newest days beside the days before them, stream by stream.

    Attributes:
        days: the newest days.
        reference_days: the days before these that they are compared with.
        min_rows: with fewer rows on either side nothing is judged.
    """

    days: Days
    reference_days: Days
    min_rows: Count


class RowShare(Recent):
    """The share of rows that satisfy a condition, such as an unknown product, does not rise.

    Attributes:
        when: Spark SQL condition.
        max_rise: points by which the share may lie above the reference.
    """

    check: Literal["row_share"]
    name: Name
    when: Sentence
    max_rise: Share
    needs: ClassVar[tuple[str, ...]] = ("stream", "event_date")

    @property
    def subject(self) -> str:
        return self.name


class DuplicateShare(Recent):
    """The share of rows that repeat another row's identity within the same days does not rise.

    Attributes:
        column: what is the same for duplicates.
        max_rise: points by which the share may lie above that of spans of as many days before.
    """

    check: Literal["duplicate_share"]
    column: Name
    max_rise: Share
    needs: ClassVar[tuple[str, ...]] = ("stream", "event_date")

    @property
    def subject(self) -> str:
        return self.column


class MixDrift(Recent):
    """The mix of categories on a counting level stays as it was.

    Attributes:
        level: of `count_levels.yml`.
        max_drift: population stability index beyond what chance alone gives.
    """

    check: Literal["mix_drift"]
    level: Name
    max_drift: Annotated[float, Field(gt=0)]
    needs: ClassVar[tuple[str, ...]] = ("stream", "event_date", "level", "series", "raw_count")

    @property
    def subject(self) -> str:
        return self.level


class LoadShare(Check):
    """Of each load of the business date, a part of the rows stays below a share.

    Attributes:
        part, whole: Spark SQL expressions over a load's row.
        min_rows: smaller loads are not judged.
    """

    check: Literal["load_share"]
    name: Name
    part: Sentence
    whole: Sentence
    max: Share
    min_rows: Count
    needs: ClassVar[tuple[str, ...]] = ("load_id", "stream", "load_date")

    @property
    def subject(self) -> str:
        return self.name


RowCheck = RowCount | Condition
Monitor = Freshness | Silence | Volume | RowShare | DuplicateShare | MixDrift | LoadShare
AnyCheck = Annotated[RowCheck | Monitor, Field(discriminator="check")]
