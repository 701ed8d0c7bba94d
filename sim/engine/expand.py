"""A procedure unfolded for one kind of request.

Stages that do not apply are skipped, the channel's and the measures' steps are put in, roles become offices, words
become numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.engine.calendar import shared_share
from sim.engine.log import Activity
from sim.engine.plan import DELAY, END, FORK, JOIN, PASS, WORK, NodePlan, Plan, RequestToUnfold, Route, Unfolded, Way
from sim.errors import NoOfficeError, SimulationError
from sim.law import GROUNDS, refusal_grounds
from sim.model.durations import Duration
from sim.model.measure import Measure
from sim.model.procedure import Branch, Performer, Stage, Step

SCARCEST = 4.0
"""At most so many times longer does a date take that must suit two courts. Assumption: where their hours hardly
meet, one of them sits early or late."""


def unfold(plan: Plan, request: RequestToUnfold) -> Way:
    """Add the nodes for one kind of request to a plan and say where it begins.

    Raises `SimulationError` if the world lacks what it needs; the plan is then as it was.
    """
    known = len(plan.nodes)
    try:
        return _Unfolding(plan, request).way()
    except SimulationError:
        del plan.nodes[known:]
        raise


def unfolded(plan: Plan, request: RequestToUnfold) -> Unfolded:
    """The nodes for one kind of request by themselves; the plan remembers them. Raises as `unfold`."""
    channel = request.channel.id if request.channel is not None else ""
    chances = tuple(sorted(request.chances.items()))
    key = (
        request.procedure.id,
        channel,
        request.kind,
        chances,
        request.translation_needed,
        request.urgent,
        request.offence,
        request.language,
        request.start,
        request.effort,
    )
    known = plan.unfolded.get(key)
    if known is None or not (
        _same(known.request.procedure, request.procedure) and _same(known.request.channel, request.channel)
    ):
        alone = replace(plan, nodes=[])
        way = _Unfolding(alone, request).way()
        known = plan.unfolded[key] = Unfolded(request, way, tuple(alone.nodes))
    return known


def _same(one: object, other: object) -> bool:
    return one is other or one == other  # records compare all they hold


def added(plan: Plan, found: Unfolded) -> int:
    """Add nodes to a plan; returns where they begin there."""
    first = len(plan.nodes)
    for node in found.nodes:
        routes = tuple(replace(route, target=route.target + first) for route in node.routes)
        plan.nodes.append(replace(node, routes=routes, branches=tuple(branch + first for branch in node.branches)))
    return first


def lacking(plan: Plan, request: RequestToUnfold) -> SimulationError | None:
    """What the world lacks for one kind of request; None if it can be sent. Nothing is added to the plan."""
    try:
        unfolded(plan, request)
    except SimulationError as error:
        return error
    return None


class _Unfolding:
    """Unfolds one procedure for one kind of request."""

    def __init__(self, plan: Plan, request: RequestToUnfold):
        self.plan, self.request, self.kind = plan, request, request.kind
        self.scenario = plan.scenario
        self.nodes = plan.nodes
        self.first: dict[str, int] = {}
        """First node of each stage."""
        self.measures = [self.scenario.measure(name) for name in self.kind.measures]
        self.facts = self._facts()
        performance = self.scenario.world.jurisdictions
        self.performance = {"requesting": performance.get(self.kind.from_), "requested": performance.get(self.kind.to)}
        requested = self.performance["requested"]
        self.chances = {**request.procedure.chances, **(requested.chances if requested else {}), **request.chances}
        self.on_the_way: set[str] = set()

    def way(self) -> Way:
        known = len(self.nodes)
        start = self._stage(self.request.start or self.request.procedure.start)
        _mark_loops(self.nodes, known)
        requested = self.performance["requested"]
        return Way(self.kind, start, (requested.spread or 0.0) if requested is not None else 0.0)

    def _facts(self) -> dict[str, object]:
        requested = self.scenario.jurisdictions.get(self.kind.to)
        return {
            "translation needed": self.request.translation_needed,
            "results translation needed": self.request.translation_needed,
            "coercive": any(measure.coercive for measure in self.measures),
            "federal": bool(requested and requested.federal),
            "legal remedies": bool(requested and requested.legal_remedies),
            "channel": self.kind.channel,
            "instrument": self.kind.instrument,
            "measure": self.kind.measures[0] if len(self.kind.measures) == 1 else "several",
            "urgent": self.request.urgent,
            "from outside": not self.kind.from_,
        }

    def _stage(self, name: str) -> int:
        """Index of the first node of a stage, unfolding it if need be."""
        if name in self.first:
            return self.first[name]
        stage = self.request.procedure.stages[name]
        self.on_the_way.add(name)
        node = self._open(name, stage)
        self.first[name] = node
        last = self._fill(node, name, stage)
        self.nodes[last].routes = self._routes(name, stage)
        self.on_the_way.discard(name)
        return node

    def _open(self, name: str, stage: Stage) -> int:
        """Reserve the first node, so that loops find it."""
        self.nodes.append(NodePlan(PASS, self._activity(name, name, stage.title or name), name))
        return len(self.nodes) - 1

    def _fill(self, index: int, name: str, stage: Stage) -> int:
        """Make the node do what the stage says; returns the node from which the stage is left."""
        side = stage.performer.side if stage.performer else stage.side
        outside = side == "requesting" and not self.kind.from_ and bool(self.kind.to)
        if stage.end is not None:
            outcome = f"{stage.end}: {stage.reason}" if stage.reason else stage.end
            self.nodes[index].kind, self.nodes[index].outcome = END, outcome
            return index
        if not self._holds(stage.only_if) or outside:
            return index
        if stage.steps == "each measure":
            return self._measures(index, name)
        if stage.steps is not None:
            steps = self._channel_steps(back=stage.steps == "channel back")
            return self._chain(index, name, steps)
        override = self._override(name, side)
        step = Step.model_construct(
            title=stage.title or name,
            performer=stage.performer,
            work=override if stage.work is not None and override else stage.work,
            takes=override if stage.takes is not None and override else stage.takes,
            side=stage.side,
            cause=stage.cause,
            origins={},
        )
        self._step(index, name, name, step, pace=True)
        self.nodes[index].takes = stage.executes
        return index

    def _override(self, name: str, side: str | None) -> Duration | None:
        """What is measured in this world comes before what the State's law says, and that before the procedure."""
        performance = self.performance.get(side or "requested")
        if performance is not None and name in performance.stages:
            return performance.stages[name]
        profile = self.scenario.jurisdictions.get(self.kind.to)
        return profile.appeal_takes if name == "legal-remedies" and profile is not None else None

    def _chain(
        self, index: int, stage: str, steps: Sequence[Step], branch: str = "", pace: bool = False, takes: int = -1
    ) -> int:
        """Put steps one after the other, beginning at ``index``; the one at ``takes`` takes what was asked for. Returns
        the last."""
        for position, step in enumerate(steps):
            if position:
                self.nodes.append(NodePlan(PASS, self.nodes[index].activity, stage))
                following = len(self.nodes) - 1
                self.nodes[index].routes = (Route(following),)
                index = following
            name = f"{stage}/{branch}/{position + 1}" if branch else f"{stage}/{position + 1}"
            self._step(index, stage, name, step, branch, pace=pace)
            self.nodes[index].takes = position == takes
        return index

    def _step(self, index: int, stage: str, name: str, step: Step, branch: str = "", *, pace: bool) -> None:
        node = self.nodes[index]
        side = (step.performer.side if step.performer else None) or step.side or ""
        state = {"requesting": self.kind.from_, "requested": self.kind.to}.get(side, "")
        if side == "requesting" and not self.kind.from_ and self.kind.to:
            return  # the other side's own work is not simulated: no time passes here
        node.stream = name
        effort = self.request.effort if self.request.procedure.stages[stage].carries_out else 1.0
        if step.work is not None:
            assert step.performer is not None
            node.kind, node.office = WORK, self._office(step.performer)
            office = self.plan.offices[node.office]
            node.calendar = office.calendar
            node.duration, node.factor = step.work, effort / self.scenario.world.working_capacity
        else:
            assert step.takes is not None
            node.kind, node.duration = DELAY, step.takes
            if step.takes.clock == "working":
                node.calendar = self.plan.clock_index.get(state or self.kind.to, -1)
            performance = self.performance.get(side or "requested")
            if pace and performance is not None and performance.pace is not None:
                node.factor = performance.pace
            node.shared = bool(pace and performance is not None and performance.spread and side == "requested")
            if step.suits_both_courts:
                node.factor *= self._dates_are_scarce()
        if node.calendar >= 0:
            node.working_day = self.plan.calendars[node.calendar].working_day
        state = state or (self.plan.office_infos[node.office].state if node.office >= 0 else "")
        node.activity = Activity(
            name,
            stage,
            step.title,
            self.kind.flow,
            node.office,
            side,
            state,
            step.cause or ("work" if step.work is not None else "other side"),
            node.calendar,
            branch,
        )

    def _measures(self, index: int, name: str) -> int:
        """Execution: the steps of each measure, side by side where there are several."""
        if not self.measures:
            return index
        if len(self.measures) == 1:
            measure = self.measures[0]
            # The measure's name stays in the stream: another measure is another draw.
            return self._chain(index, name, self._measure_steps(measure), measure.id, pace=True, takes=measure.securing)
        self.nodes[index].kind = FORK
        self.nodes.append(NodePlan(JOIN, self.nodes[index].activity, name))
        join = len(self.nodes) - 1
        begins = []
        for measure in self.measures:
            self.nodes.append(NodePlan(PASS, self.nodes[index].activity, name))
            begin = len(self.nodes) - 1
            steps = self._measure_steps(measure)
            last = self._chain(begin, name, steps, measure.id, pace=True, takes=measure.securing)
            self.nodes[last].routes = (Route(join),)
            begins.append(begin)
        self.nodes[index].branches = tuple(begins)
        self.nodes[index].routes = (Route(join),)
        return join

    def _measure_steps(self, measure: Measure) -> Sequence[Step]:
        performance = self.performance["requested"]
        override = performance.measures.get(measure.id) if performance else None
        steps = list(measure.steps)
        if override is not None:
            lengths = [length.seconds()[0] for step in steps if (length := step.work or step.takes) is not None]
            longest = lengths.index(max(lengths))
            field_ = "work" if steps[longest].work is not None else "takes"
            steps[longest] = steps[longest].model_copy(update={field_: override})
        return steps

    def _channel_steps(self, *, back: bool) -> list[Step]:
        channel = self.request.channel
        if channel is None:
            raise SimulationError(f"requests of {self.kind.flow!r} need a channel")
        if not back:
            return list(channel.there)
        return list(channel.back) or [_mirrored(step) for step in reversed(channel.there)]

    def _routes(self, name: str, stage: Stage) -> tuple[Route, ...]:
        routes = []
        for branch in stage.then:
            if not self._holds(branch.if_):
                continue
            loops = branch.to in self.on_the_way
            target = self._stage(branch.to)
            chance, chance_name = self._chance(branch)
            routes.append(Route(target, chance, chance_name, loops))
            if chance is None:
                break
        return tuple(routes)

    def _chance(self, branch: Branch) -> tuple[float | None, str]:
        if isinstance(branch.chance, str):
            return self.chances[branch.chance], branch.chance
        return branch.chance, ""

    def _holds(self, condition: Mapping[str, object]) -> bool:
        for fact, wanted in condition.items():
            value = self._refusable() if fact == "refusable" else self.facts[fact]
            if isinstance(value, frozenset):
                if wanted not in value:
                    return False
            elif value != wanted and not (isinstance(wanted, list) and value in wanted):
                return False
        return True

    def _refusable(self) -> frozenset[str]:
        """Grounds on which the law lets this kind of request be refused; all of them where no State is asked."""
        kind = self.kind
        # From outside the world: as if another State of the world had asked.
        others = [state for state in sorted(self.scenario.world.jurisdictions) if state != kind.to]
        sender = kind.from_ or next(iter(others), "")
        if not kind.to or not sender or not any(kind.measures):
            return frozenset(GROUNDS)
        return frozenset().union(*(self._lawful_grounds(sender, measure) for measure in kind.measures))

    def _lawful_grounds(self, sender: str, measure: str) -> frozenset[str]:
        kind, offence = self.kind, self.request.offence
        key = (sender, kind.to, measure, kind.instrument, offence)
        if key not in self.plan.refusable:
            answers = refusal_grounds(
                self.scenario,
                requesting=sender,
                requested=kind.to,
                measure=measure,
                instrument=kind.instrument or None,
                offence=offence,
            )
            live = (answer.ground for answer in answers if answer.availability in ("available", "possible"))
            self.plan.refusable[key] = frozenset(live)
        return self.plan.refusable[key]

    def _dates_are_scarce(self) -> float:
        """How much longer a date takes because courts on both sides must sit: the inverse of the share of the
        requested court's hours in which the requesting one sits too, at most `SCARCEST`."""
        courts = [self.plan.role_index.get((state, "court")) for state in (self.kind.from_, self.kind.to)]
        calendars = [self.plan.offices[court].calendar if court is not None else -1 for court in courts]
        if -1 in calendars or not self.kind.from_:
            return 1.0
        pair = (calendars[1], calendars[0])
        if pair not in self.plan.sittings:
            asked, asking = (self.plan.calendars[index] for index in pair)
            self.plan.sittings[pair] = shared_share(asked, asking)
        return min(SCARCEST, 1 / max(self.plan.sittings[pair], 1 / SCARCEST))

    def _office(self, performer: Performer) -> int:
        if performer.office is not None:
            if performer.office not in self.plan.office_index:
                raise SimulationError(f"this world has no office {performer.office!r}, which {self.kind.flow!r} needs")
            return self.plan.office_index[performer.office]
        if performer.role == "translation" and performer.side == "requesting":
            named = self.plan.translators.get((self.kind.from_, self.request.language))
            if named is not None:
                return named
        state = self.kind.from_ if performer.side == "requesting" else self.kind.to
        index = self.plan.role_index.get((state, performer.role or ""))
        if index is None:
            raise NoOfficeError(state, performer.role or "", self.kind.flow)
        return index

    def _activity(self, name: str, stage: str, title: str) -> Activity:
        return Activity(name, stage, title, self.kind.flow, -1, "", "", "work", -1)


def _mirrored(step: Step) -> Step:
    """The step on the way back: the sides exchanged."""
    other = {"requesting": "requested", "requested": "requesting"}
    changes: dict[str, object] = {}
    if step.side:
        changes["side"] = other[step.side]
    if step.performer and step.performer.side:
        changes["performer"] = step.performer.model_copy(update={"side": other[step.performer.side]})
    return step.model_copy(update=changes)


def _mark_loops(nodes: list[NodePlan], known: int) -> None:
    """Mark the new nodes that lie on a way back to themselves: ahead of a loop's target and behind its origin."""
    forward = {i: [*(route.target for route in nodes[i].routes), *nodes[i].branches] for i in range(known, len(nodes))}
    backward: dict[int, list[int]] = {i: [] for i in forward}
    for i, targets in forward.items():
        for target in targets:
            backward[target].append(i)
    for i in forward:
        for route in nodes[i].routes:
            if route.loops:
                for on_loop in _reached(route.target, forward) & _reached(i, backward):
                    nodes[on_loop].again = True


def _reached(start: int, edges: Mapping[int, list[int]]) -> set[int]:
    found, frontier = {start}, [start]
    while frontier:
        for following in edges[frontier.pop()]:
            if following not in found:
                found.add(following)
                frontier.append(following)
    return found
