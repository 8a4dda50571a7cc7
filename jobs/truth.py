"""The truth file of a simulated world: which incidents were planted, and which complaints belong to them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.errors import RadarError

Name = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    """Of a truth file only what a score needs is looked at; it may say more."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PlantedIncident(_Part):
    """One incident of the truth.

    `real` ones are to be found; the others are artefacts that must not be raised. `size` is how many complaints were
    planted. A calendar peak has no complaints of its own, only its days.
    """

    id: Name
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Name
    real: bool
    onset: dt.date
    end: dt.date
    size: Annotated[int, Field(ge=0)]
    complaint_ids: list[Name]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> PlantedIncident:
        if self.end < self.onset:
            raise ValueError(f"{self.id} ends on {self.end}, before its onset {self.onset}")
        return self


class Truth(_Part):
    """A truth file, version 1."""

    version: Literal[1]
    preset: Name
    seed: int
    area: Name
    first_day: dt.date
    last_day: dt.date
    incidents: Annotated[list[PlantedIncident], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_one_world(self) -> Truth:
        ids = [incident.id for incident in self.incidents]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"there are two incidents {twice[0]}")
        if self.last_day < self.first_day:
            raise ValueError(f"the world ends on {self.last_day}, before its first day {self.first_day}")
        return self

    @property
    def first_real_onset(self) -> dt.date | None:
        """When the first real incident began; None in a world without any."""
        return min((incident.onset for incident in self.incidents if incident.real), default=None)


def read_truth(path: Path) -> Truth:
    """The truth in a file.

    Raises:
        RadarError: the file cannot be read, is no JSON, or is no truth file of version 1.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RadarError(f"truth file {path}: {error.strerror}") from error
    try:
        return Truth.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RadarError(f"truth file {path.name}: {f'{place}: ' if place else ''}{first['msg']}") from error
