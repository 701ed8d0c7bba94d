"""A world file from what was found in a log: a plain network of offices, with the origin of every figure."""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime

from sim.model.base import FORMAT
from sim.model.office import Week
from sim.policy.calibration.arrivals import ArrivalsFound
from sim.policy.calibration.branching import BEGINNING, After, BranchFound, Ending, State, Then
from sim.policy.calibration.cleaning import CleanLog
from sim.policy.calibration.durations import DurationFound
from sim.policy.calibration.fitted_process import Found, OfficeFound
from sim.policy.calibration.hours import day_of, in_utc
from sim.policy.calibration.stages import StageFound

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONGEST_TITLE = 120


FileData = dict[str, object]
"""What a mapping of a world file holds, to be written."""


def world_data(found: Found, log: CleanLog, *, id_: str) -> FileData:
    """The content of a world file."""
    return _Builder(found, log).world(id_)


def written(data: FileData) -> str:
    """The file's text, YAML 1.2."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # declared without a type, as None
    yaml.allow_unicode = True
    yaml.width = 110
    stream = io.StringIO()
    yaml.dump(dict(data), stream)
    return stream.getvalue()


class Names:
    """Ids for names of all scripts, each used once."""

    def __init__(self, otherwise: str, *taken: str):
        self.otherwise = otherwise
        self.taken = set(taken)
        self.known: dict[Hashable, str] = {}

    def id(self, key: Hashable, text: str) -> str:
        """The id of a thing, made of its name; the same thing has the same id again."""
        if key not in self.known:
            plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
            base = re.sub(r"[^a-z0-9]+", "-", plain)[:50].strip("-") or self.otherwise
            found, number = base, 1
            while found in self.taken:
                number += 1
                found = f"{base}-{number}"
            self.taken.add(found)
            self.known[key] = found
        return self.known[key]


class _Builder:
    def __init__(self, found: Found, log: CleanLog):
        self.found, self.log = found, log
        self.offices, self.kinds, self.flows = Names("office"), Names("requests"), Names("flow")
        self.where = f"{_title(log.raw.path.name)} (sha256 {log.raw.sha256[:12]})"
        self.when = f"{day_of(found.first)} to {day_of(found.last)}"

    def world(self, id_: str) -> FileData:
        found = self.found
        kinds = [kind for kind in found.branches if any(flow.kind == kind for flow in found.arrivals)]
        warm_up = max(28, round(3 * found.case_days_p90))
        offices = {self.offices.id(office.name, office.name): self._office(office) for office in found.offices}
        return {
            "format": FORMAT,
            "kind": "world",
            "id": id_,
            "title": f"Found in {_title(self.log.raw.path.name)}",
            "about": self._about(),
            "starts": datetime.fromtimestamp(found.first, UTC).date(),
            "offices": offices or {"nobody": self._no_office()},
            "procedures": {self._kind(kind): self._procedure(kind) for kind in kinds},
            "demand": {self._flow_id(flow): self._flow(flow) for flow in found.arrivals if flow.kind in kinds},
            "warm up": f"{min(warm_up, 3650)} days",
            "origins": {"warm up": "assumption: three times the days within which nine of ten requests were over"},
        }

    def _about(self) -> str:
        log, found = self.log, self.found
        lines = [
            f"Written by mlasim calibrate from {_title(log.raw.path.name)}, sha256 {log.raw.sha256}. {log.totals()}.",
            f"Found in the time from {self.when}; {found.cases} requests came in it.",
            "A plain network: States and law are not in a log. Add jurisdictions where levers need them.",
            *found.remarks,
        ]
        return " ".join(line[:1].upper() + line[1:].rstrip(".") + "." for line in lines)

    def _measured(self, what: str) -> str:
        return f"measured: {self.where}, {what}, {self.when}"

    # Offices

    def _office(self, office: OfficeFound) -> FileData:
        hours = office.hours
        if hours.found:
            shown = self._measured(f"{hours.moments} ends of steps, {100 * hours.outside:.1f} % outside")
        else:
            shown = (
                f"assumption: {hours.moments} ends of steps with a time of the day are too few to find hours, or lie "
                "within hours too short to believe"
            )
        if office.staff_seen:
            staff = (
                f"assumption: the largest number of steps in work at once among {office.steps} in {self.where}; "
                "a lower bound where each does one at a time"
            )
        else:
            staff = "assumption: the log does not show who works when; nobody queues here"
        return {
            "title": _title(office.name),
            "staff": min(office.staff, 10_000),
            "hours": week_words(hours.week),
            "time zone": hours.zone,
            "holidays": office.settings.holidays.model_dump(exclude_none=True) if office.settings.holidays else "none",
            "origins": {"staff": staff, "hours": shown},
        }

    def _no_office(self) -> FileData:
        origins = {"staff": "assumption: the log names no office; a world has one at least"}
        return {"title": "Nobody", "staff": 1, "origins": origins}

    # Procedures

    def _kind(self, kind: str) -> str:
        return self.kinds.id(kind, kind or "requests")

    def _procedure(self, kind: str) -> FileData:
        names = Names("stage", BEGINNING)
        branches: dict[After, list[BranchFound]] = {}
        for branch in self.found.branches[kind]:
            branches.setdefault(branch.after, []).append(branch)
        stages_found = {stage.state: stage for stage in self.found.stages if stage.kind == kind}
        several = _several_offices(stages_found)
        for state in stages_found:
            names.id(state, f"{state.activity} {state.office}" if state.activity in several else state.activity)
        stuck = _stuck(branches, list(stages_found))
        endings = {branch.then for found in branches.values() for branch in found if isinstance(branch.then, Ending)}
        default = Ending("")
        if stuck:
            endings.add(default)
        stages: FileData = {}
        begins = branches.get(BEGINNING, [])
        if len(begins) != 1:
            stages[BEGINNING] = {
                "title": "It comes in",
                "takes": "0 seconds",
                **self._then(begins, names, None),
                "origins": {"takes": "assumption: coming in takes no time", "then": self._counted(begins)},
            }
        for state, stage in stages_found.items():
            out = branches.get(state, [])
            stages[names.id(state, "")] = {
                **self._stage(stage),
                **self._then(out, names, default if state in stuck else None),
                "origins": self._origins(stage, out, state in stuck),
            }
        for ending in sorted(endings):
            stages[names.id(ending, f"end {ending.outcome or 'completed'}")] = self._end(ending)
        start = BEGINNING if len(begins) != 1 else names.id(begins[0].then, "")
        return {"title": _title(kind) if kind else "The way of a request", "start": start, "stages": stages}

    def _stage(self, stage: StageFound) -> FileData:
        words = stage.duration.words if stage.duration is not None else "0 seconds"
        title = _title(stage.state.activity)
        if stage.work:
            if stage.duration is None:
                words = "0 working seconds"
            office = self.offices.id(stage.state.office, stage.state.office)
            return {"title": title, "performer": f"office {office}", "work": words}
        return {"title": title, "takes": words}

    def _origins(self, stage: StageFound, out: Sequence[BranchFound], stuck: bool) -> dict[str, str]:
        name = "work" if stage.work else "takes"
        if stage.duration is None:
            shown = f"assumption: none of {stage.visits} steps could be measured; taken as no time"
        else:
            shown = self._measured(f"{stage.duration.count} of {stage.visits} steps, {fit_words(stage.duration)}")
        then = self._counted(out)
        if stuck:
            then = f"assumption: no request was seen to end after it; that one in {_leaving(out)} does. {then}"
        return {name: shown, "then": then}

    def _counted(self, out: Sequence[BranchFound]) -> str:
        if not out:
            return self._measured("never left")
        parts = [f"{b.count} of {b.of} ({100 * b.low:.1f}-{100 * b.high:.1f} %)" for b in out[:12]]
        return self._measured(f"followed by each in turn {', '.join(parts)}; Wilson 95 %")

    def _then(self, out: Sequence[BranchFound], names: Names, ending: Ending | None) -> FileData:
        """Branches with their chances, the last taking what is left; of a stage that no request was seen to leave
        for good, one that ends it."""
        targets = [(self._target(branch.then, names), branch.share) for branch in out]
        if ending is not None:
            last = 1 / _leaving(out)
            targets = [(target, share * (1 - last)) for target, share in targets]
            targets.append((self._target(ending, names), last))
        *some, (rest, _) = targets
        chances = [{"to": target, "chance": math.floor(share * 1e5) / 1e5} for target, share in some]
        return {"then": [*chances, {"to": rest}]}

    def _target(self, then: Then, names: Names) -> str:
        return names.id(then, f"end {then.outcome or 'completed'}" if isinstance(then, Ending) else "")

    def _end(self, ending: Ending) -> FileData:
        ground = ending.outcome.lower().partition(":")[2]
        end = self.log.raw.columns.ending(ending.outcome)
        found: FileData = {"end": end}
        if ending.outcome:
            found = {"title": _title(ending.outcome), **found}
        ground = re.sub(r"[^a-z0-9]+", "-", ground).strip("-")[:80]
        return {**found, "reason": ground} if end == "refused" and ground else found

    # Demand

    def _flow_id(self, flow: ArrivalsFound) -> str:
        words = " ".join(filter(None, (flow.kind, flow.from_, flow.to))) or "requests"
        return self.flows.id((flow.kind, flow.from_, flow.to), words)

    def _flow(self, flow: ArrivalsFound) -> FileData:
        hours = self.found.arrival_hours
        plausible = {True: "Poisson is plausible", False: "NOT like Poisson", None: "too few to test for Poisson"}
        tested = (
            f", variance over mean {flow.dispersion:.2f} by the {flow.bin}, p {flow.p_value:.3f}" if flow.bin else ""
        )
        corridor = " to ".join(filter(None, (flow.from_, flow.to)))
        data: FileData = {
            "title": _title(", ".join(filter(None, (flow.kind, corridor))) or "Requests"),
            "procedure": self._kind(flow.kind),
            "per year": round(min(flow.per_year, 1_000_000.0), 3),
        }
        interval = f"{flow.low:.1f}-{flow.high:.1f} a year (95 %)"
        shown = f"{flow.count} requests, {interval}, {plausible[flow.poisson]}{tested}"
        origins = {"per year": self._measured(shown)}
        if hours.found and hours.week:
            data["during"] = week_words(in_utc(hours.week, hours.zone, self.found.first))
            origins["during"] = self._measured(f"{hours.moments} times at which requests came, by the clock of UTC")
        return {**data, "origins": origins}


def fit_words(duration: DurationFound) -> str:
    """How a distribution was chosen and how well it fits, in words."""
    if not duration.fits:
        return "all alike" if duration.chosen == "fixed" else "as they were seen"
    best = duration.fits[0]
    tested = f", simulated p {best.p_value:.2f}" if best.p_value is not None else ""
    words = f"{best.family} by AIC {best.aic:.0f}, distance {best.distance:.3f}{tested}"
    return words if duration.chosen == best.family else f"as they were seen, since {words}"


def _several_offices(stages: Mapping[State, StageFound]) -> set[str]:
    """Activities done at more than one office."""
    activities = [state.activity for state in stages]
    return {activity for activity in activities if activities.count(activity) > 1}


def _stuck(branches: Mapping[After, Sequence[BranchFound]], states: Sequence[State]) -> set[State]:
    """Stages from which no ending was seen to be reached; one of each such group is enough, but all are given one."""
    leaving: set[Then] = set()
    grown = True
    while grown:
        new = {
            state
            for state in states
            if state not in leaving
            and any(isinstance(branch.then, Ending) or branch.then in leaving for branch in branches.get(state, ()))
        }
        grown = bool(new)
        leaving |= new
    return {state for state in states if state not in leaving}


def _leaving(out: Sequence[BranchFound]) -> int:
    """One in how many is taken to end after a stage after which none was seen to end (Laplace's rule)."""
    return (out[0].of if out else 0) + 1 if out else 1


def week_words(week: Week) -> str | list[str]:
    """Opening hours as files write them, days alike put together."""
    if not week:
        return "always"
    by_day: dict[int, list[str]] = {}
    for day, opens, closes in week:
        by_day.setdefault(day, []).append(f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}")
    lines, days = [], sorted(by_day)
    while days:
        first = last = days.pop(0)
        while days and days[0] == last + 1 and by_day[days[0]] == by_day[first]:
            last = days.pop(0)
        names = _DAYS[first] if first == last else f"{_DAYS[first]}-{_DAYS[last]}"
        lines += [f"{names} {hours}" for hours in by_day[first]]
    return lines[0] if len(lines) == 1 else lines


def _title(text: str) -> str:
    """A name for people: printable, not endless, not empty."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:_LONGEST_TITLE] or "(no name)"
