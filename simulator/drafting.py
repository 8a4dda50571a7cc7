"""The complaints of each day: ordinary ones, artefacts of how they are registered, planted ones, and those filed again."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

import numpy as np
import pyarrow as pa

from simulator.artefacts import ARTEFACTS, Artefact
from simulator.calendar import YEAR, volume_factor, weekday_factor
from simulator.catalogue import catalogue
from simulator.data import world
from simulator.draft import CONSULTATION, KINDS, NONE, REPORT, Details, Draft
from simulator.incidents import Incident, plan_incidents
from simulator.matters import Matters
from simulator.merchants import NO_BRANCH, Register
from simulator.people import phones, serial_phones
from simulator.places import Area, places
from simulator.pools import column
from simulator.scenario import Scenario
from simulator.seeds import Floats, Ints, pick, shares, stream, whole
from simulator.waves import Wave

# Numbers of complaints that are filed again begin here, so that a later day's complaints need not know them.
REPEATED_NUMBERS = 90_000_000
PER_LAG = 1_000_000


class Drafter:
    """Drafts a scenario day by day; the draft of a day depends on the seed and the day alone.

    Attributes:
        texts: the catalogue's texts, and behind them the fault sentences of the incidents.
        incidents: what is planted, by number.
    """

    def __init__(self, seed: int, scenario: Scenario) -> None:
        self.seed, self.scenario = seed, scenario
        self.area = Area.named(scenario.area)
        self.calibration = world("calibration")
        span = scenario.span
        self.incidents = plan_incidents(seed, self.area, span.first, span.last, list(scenario.plans))
        self._per_year = scenario.per_year()
        own = [incident.merchant for incident in self.incidents if incident.merchant]
        self.register = Register.of(seed, self.area, sum(self._per_year.values()), own)
        self.channels = list(self.calibration["channels"])
        self.office = np.array([channel in self.calibration["office_channels"] for channel in self.channels])
        self._details = Details(catalogue(), self.register, shares(list(self.calibration["channels"].values())), self.office)
        base = catalogue().texts.texts
        self.texts = pa.concat_arrays([base, column([text for incident in self.incidents for text in incident.texts])])
        lengths = [0, *(len(incident.texts) for incident in self.incidents)]
        self._fault_start = len(base) + np.cumsum(lengths)[:-1]
        self._merchant_start = self.register.count - len(own)
        self._matters = Matters(seed, self.area, self._details, self._drawn, self._expected_shared)
        self._products = Wave(seed, "products", len(catalogue().entries))
        self._places = Wave(seed, "places", len(places().code))
        rows = sum(self._per_year.values()) * len(span.days) / YEAR
        self._serial_phones = serial_phones(seed, max(3, round(rows * self.calibration["serial"]["people"])))

    def expected(self, day: dt.date) -> float:
        """Rows that a day has on average, planted ones left aside."""
        return float(sum(self._per_year.values()) / YEAR * volume_factor(day) * self._channel_weights(day).sum())

    def draft(self, offset: int) -> Draft:
        """All complaints that are first filed on a day; those filed again later carry their later day."""
        ordinary = self._registered(offset)
        draft = Draft.joined([ordinary, *(planted.at(planted.day == offset) for planted in self._planted)])
        draft = draft.at(np.argsort(draft.second, kind="stable"))
        draft.number = 1 + np.arange(len(draft))
        return Draft.joined([draft, self._filed_again(draft, offset)])

    def _channel_weights(self, day: dt.date) -> Floats:
        factor = {by: weekday_factor(day, by) for by in ("platform", "offices")}
        weights = self._details.channel_shares
        return np.asarray(weights * np.where(self.office, factor["offices"], factor["platform"]), dtype=np.float64)

    def _first_filed(self, offset: int) -> float:
        """Complaints that nobody has filed before on a day, on average."""
        return self.expected(self.scenario.span.days[offset]) * (1 - float(self.calibration["repeat_filing"]["share"]))

    def _expected_shared(self, offset: int) -> float:
        return self._first_filed(offset) * float(self.calibration["shared_matter"]["share"])

    def _drawn(self, rng: np.random.Generator, offset: int, size: int) -> Draft:
        """So many complaints of a day, each about a matter of its own."""
        day = self.scenario.span.days[offset]
        kinds = np.array([KINDS.index(kind) for kind in self._per_year])
        kind = kinds[pick(rng, shares(list(self._per_year.values())), size)]
        product = pick(rng, shares(catalogue().probabilities(day) * self._products.factors(day)), size)
        place = shares(self.area.probability * self._places.factors(day)[self.area.index])
        return self._details.complete(
            rng,
            day=np.full(size, offset),
            kind=kind,
            channel=pick(rng, shares(self._channel_weights(day)), size),
            place=self.area.index[pick(rng, place, size)],
            product=product,
            issue=self._details.issues(rng, product, kind),
        )

    def _ordinary(self, offset: int) -> Draft:
        """The complaints of a day that nothing is planted in: about matters of one person, and of several."""
        rng = stream(self.seed, "ordinary", self.scenario.span.days[offset])
        dispersion, mean = self.calibration["dispersion"], self._first_filed(offset) - self._expected_shared(offset)
        single = self._drawn(rng, offset, int(rng.poisson(mean * rng.gamma(1 / dispersion, dispersion))))
        return Draft.joined([self._with_serial(rng, single), *self._matters.on(offset)])

    def _with_serial(self, rng: np.random.Generator, draft: Draft) -> Draft:
        """Some food and advertising complaints come from few people, the first of these filing most."""
        serial = self.calibration["serial"]
        classes = np.isin(catalogue().class_of[draft.product], [catalogue().classes.index(name) for name in serial["classes"]])
        issues = np.isin(draft.issue, [catalogue().issues.index(name) for name in serial["issues"]])
        chosen = (classes | issues) & (draft.kind != CONSULTATION) & (rng.random(len(draft)) < serial["share"])
        who = (rng.random(len(draft)) ** 2 * len(self._serial_phones)).astype(np.int64)
        draft.serial = np.where(chosen, who, NONE)
        draft.phone = np.where(chosen, self._serial_phones[who], draft.phone)
        return draft

    def _registered(self, offset: int) -> Draft:
        """The ordinary complaints of a day as the offices registered them."""
        draft = self._ordinary(offset)
        for number, incident in enumerate(self.incidents):
            if incident.kind in ARTEFACTS:
                since = offset - self.scenario.span.offset(incident.onset)
                draft = ARTEFACTS[incident.kind](draft, Artefact(number, incident, since), self._ordinary)
        return draft

    @cached_property
    def _planted(self) -> list[Draft]:
        merchants = iter(range(self._merchant_start, self.register.count))
        return [
            self._plant(number, incident, next(merchants) if incident.merchant else NONE)
            for number, incident in enumerate(self.incidents)
            if incident.kind not in ARTEFACTS
        ]

    def _plant(self, number: int, incident: Incident, merchant: int) -> Draft:
        rng, theme, size = stream(self.seed, "planted", incident.id), incident.theme, incident.size
        sites = incident.sites or [self.area.index]
        site = whole(rng, len(sites), size)
        site[0] = 0
        day = self.scenario.span.offset(incident.onset) + incident.delays + site * theme.get("step_days", 0)
        draft = self._details.complete(
            rng,
            day=day,
            kind=np.where(rng.random(size) < world("habits")["planted_reports"], REPORT, 0),
            channel=self._details.channel(rng, size),
            place=self._within(rng, sites, site),
            product=np.full(size, catalogue().number(theme["product"])),
            issue=np.full(size, catalogue().issues.index(theme["issue"])),
        )
        draft.incident[:] = number
        if merchant != NONE:
            draft.merchant[:] = merchant
            draft.online[:] = theme.get("online", False)
            draft.branch = np.where(draft.online, NO_BRANCH, self.register.draw_branch(rng, draft.merchant))
        for name in ("brand", "model"):
            if getattr(incident, name) >= 0:
                getattr(draft, name)[:] = getattr(incident, name)
        if incident.texts:
            draft.fault = self._fault_start[number] + whole(rng, len(incident.texts), size)
        if not incident.real:
            draft.phone[:] = phones(rng, 1)
            draft.serial[:] = len(self._serial_phones) + number
        return draft.at(draft.day < len(self.scenario.span.days))

    def _within(self, rng: np.random.Generator, sites: list[Ints], site: Ints) -> Ints:
        """A county of each complaint's site, larger ones more likely."""
        place = np.zeros(len(site), dtype=np.int64)
        for number, counties in enumerate(sites):
            rows = site == number
            place[rows] = counties[pick(rng, shares(places().share[counties]), int(rows.sum()))]
        return place

    def _filed_again(self, draft: Draft, offset: int) -> Draft:
        """People who file the same matter again, some days later and often through another channel."""
        again, rng = self.calibration["repeat_filing"], stream(self.seed, "again", str(offset))
        chosen = (draft.serial == NONE) & (rng.random(len(draft)) < again["share"] / (1 - again["share"]))
        repeated = draft.at(chosen)
        size = len(repeated)
        lag = 1 + whole(rng, again["most_days"], size)
        repeated.number = REPEATED_NUMBERS + lag * PER_LAG + np.arange(size)
        repeated.day = repeated.day + lag
        repeated.lag = repeated.lag + lag
        repeated.channel = self._details.channel(rng, size)
        repeated.second = self._details.seconds(rng, repeated.channel)
        repeated.repeat[:] = True
        # Filed again, a complaint still belongs to its incident, but not to an artefact of how it was registered. The last
        # place is that of no incident, which is numbered -1.
        planted = np.array([incident.kind not in ARTEFACTS for incident in self.incidents] + [False])
        repeated.incident = np.where(planted[repeated.incident], repeated.incident, NONE)
        return repeated.at(repeated.day < len(self.scenario.span.days))
