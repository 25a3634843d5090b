"""What a plan costs, rule by rule, and why: every violation by name. Counts anew, whoever made the plan."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Party, Placement, Plan, Problem, Room, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One thing that a plan breaks. `text` says it to people."""

    rule: Rule
    hard: bool
    amount: int
    """In the rule's unit, 1 or more."""
    cost: int
    """0 when hard."""
    text: str
    lessons: tuple[str, ...] = ()
    subject: str | None = None
    """The key of the class group, trainer, course or room that it is about, where it is not about one lesson."""
    day: int | None = None
    period: int | None = None


@dataclass(frozen=True)
class Report:
    violations: tuple[Violation, ...]

    @cached_property
    def amounts(self) -> Mapping[Rule, int]:
        """How much of each broken rule, in its unit."""
        amounts: Counter[Rule] = Counter()
        for violation in self.violations:
            amounts[violation.rule] += violation.amount
        return amounts

    @cached_property
    def costs(self) -> Mapping[Rule, int]:
        """What each broken soft rule costs."""
        costs: Counter[Rule] = Counter()
        for violation in self.violations:
            if not violation.hard:
                costs[violation.rule] += violation.cost
        return costs

    @property
    def cost(self) -> int:
        """The soft cost as a whole."""
        return sum(self.costs.values())

    @property
    def unplaced(self) -> int:
        return self.amounts.get(Rule.UNPLACED, 0)

    @property
    def clashes(self) -> int:
        """Hard violations of lessons that do have a place."""
        return sum(violation.amount for violation in self.violations if violation.hard) - self.unplaced

    @property
    def feasible(self) -> bool:
        return not any(violation.hard for violation in self.violations)


def validate(problem: Problem, plan: Plan) -> Report:
    """Raises ValueError when the plan places lessons or uses rooms that the problem does not have."""
    if strays := [key for key in plan.placements if key not in problem.lesson]:
        raise ValueError(f"The problem has no lesson {', '.join(sorted(strays))}.")
    if strays := sorted({place.room for place in plan.placements.values() if place.room not in problem.room}):
        raise ValueError(f"The problem has no room {', '.join(strays)}.")
    return Report(tuple(_Inspection(problem, plan).violations()))


class _Inspection:
    def __init__(self, problem: Problem, plan: Plan) -> None:
        self._problem = problem
        self._grid = problem.grid
        self._placed = [
            (lesson, plan.placements[lesson.key]) for lesson in problem.lessons if lesson.key in plan.placements
        ]
        self._missing = [lesson for lesson in problem.lessons if lesson.key not in plan.placements]
        self._of: defaultdict[tuple[str, str | None], list[tuple[Lesson, Placement]]] = defaultdict(list)
        """By what they need: ("trainer" | "group" | "course" | "room", key)."""
        for lesson, place in self._placed:
            needs = [("trainer", lesson.trainer), ("course", lesson.course), ("room", place.room)]
            for need in (*needs, *(("group", group) for group in lesson.groups)):
                self._of[need].append((lesson, place))

    def violations(self) -> Iterator[Violation]:
        for violation in self._all():
            if violation.hard or violation.cost > 0:
                yield violation

    def _all(self) -> Iterator[Violation]:
        for lesson in self._missing:
            yield self._broken(Rule.UNPLACED, 1, f"{self._name(lesson)} has no place.", lessons=(lesson.key,))
        for lesson, place in self._placed:
            yield from self._times_of(lesson, place)
            yield from self._room_of(lesson, place)
            yield from self._wishes_of(lesson, place)
        for trainer in self._problem.trainers:
            lessons = self._of["trainer", trainer.key]
            yield from self._clashes(Rule.TRAINER_CONFLICT, trainer.key, trainer.name, lessons)
            yield from self._days_of(trainer, lessons, is_group=False)
        for group in self._problem.groups:
            lessons = self._of["group", group.key]
            yield from self._clashes(Rule.GROUP_CONFLICT, group.key, group.name, lessons)
            yield from self._days_of(group, lessons, is_group=True)
        for room in self._problem.rooms:
            yield from self._bookings_of(room)
        for course in self._problem.courses:
            lessons = self._of["course", course.key]
            yield from self._clashes(Rule.COURSE_CONFLICT, course.key, course.name, lessons)
            keys = tuple(lesson.key for lesson, _ in lessons)
            days = {place.day for _, place in lessons}
            if lessons and len(days) < course.min_days:
                text = f"{course.name} is taught on {len(days)} days instead of {course.min_days}."
                amount = course.min_days - len(days)
                yield self._broken(Rule.MIN_WORKING_DAYS, amount, text, lessons=keys, subject=course.key)
            rooms = sorted({place.room for _, place in lessons})
            if len(rooms) > 1:
                names = ", ".join(self._problem.room[room].name for room in rooms)
                text = f"{course.name} is in {len(rooms)} rooms: {names}."
                yield self._broken(Rule.ROOM_STABILITY, len(rooms) - 1, text, lessons=keys, subject=course.key)

    def _times_of(self, lesson: Lesson, place: Placement) -> Iterator[Violation]:
        name = self._name(lesson)
        slots = lesson.slots(place.slot)
        for slot in slots:
            at = self._grid.name(slot)
            if slot not in self._grid or slot in self._grid.closed:
                yield self._broken(Rule.OUTSIDE_HOURS, 1, f"{name} is outside of the hours: {at}.", lesson, slot)
            if slot in lesson.unavailable or (lesson.allowed is not None and slot not in lesson.allowed):
                yield self._broken(Rule.LESSON_UNAVAILABLE, 1, f"{name} may not be then: {at}.", lesson, slot)
            if lesson.trainer is not None and slot in self._problem.trainer[lesson.trainer].unavailable:
                text = f"{name}: {self._problem.trainer[lesson.trainer].name} is not there on {at}."
                yield self._broken(Rule.TRAINER_UNAVAILABLE, 1, text, lesson, slot, subject=lesson.trainer)
            for group in lesson.groups:
                if slot in self._problem.group[group].unavailable:
                    text = f"{name}: {self._problem.group[group].name} is not there on {at}."
                    yield self._broken(Rule.GROUP_UNAVAILABLE, 1, text, lesson, slot, subject=group)
        for slot in slots[:-1]:
            if slot in self._grid.breaks:
                text = f"{name} runs across the break after {self._grid.name(slot)}."
                yield self._broken(Rule.BREAK_CROSSED, 1, text, lesson, slot)
        if lesson.pinned is not None and lesson.pinned != place:
            yield self._broken(Rule.PINNED_MOVED, 1, f"{name} is pinned to another place.", lesson, place.slot)

    def _room_of(self, lesson: Lesson, place: Placement) -> Iterator[Violation]:
        room, name = self._problem.room[place.room], self._name(lesson)
        for slot in lesson.slots(place.slot):
            if slot in room.unavailable:
                text = f"{name}: {room.name} can't be used on {self._grid.name(slot)}."
                yield self._broken(Rule.ROOM_UNAVAILABLE, 1, text, lesson, slot, subject=room.key)
        if lesson.rooms is not None and room.key not in lesson.rooms:
            text = f"{name} may not be in {room.name}."
            yield self._broken(Rule.ROOM_NOT_ALLOWED, 1, text, lesson, place.slot, subject=room.key)
        if lesson.room_type is not None and room.type != lesson.room_type:
            text = f"{name} needs a room of type {lesson.room_type}; {room.name} is of type {room.type or 'none'}."
            yield self._broken(Rule.ROOM_TYPE, 1, text, lesson, place.slot, subject=room.key)
        for feature in sorted(lesson.room_features - room.features):
            text = f"{name} needs {feature}, which {room.name} lacks."
            yield self._broken(Rule.ROOM_FEATURES, 1, text, lesson, place.slot, subject=room.key)
        if lesson.students > room.capacity:
            amount = lesson.students - room.capacity
            text = f"{name} has {lesson.students} trainees; {room.name} has {room.capacity} seats."
            yield self._broken(Rule.ROOM_CAPACITY, amount, text, lesson, place.slot, subject=room.key)
        elif (amount := (room.capacity - lesson.students) // 10) > 0:
            empty = room.capacity - lesson.students
            text = f"{name} has {lesson.students} trainees and leaves {empty} seats empty in {room.name}."
            yield self._broken(Rule.ROOM_FIT, amount, text, lesson, place.slot, subject=room.key)

    def _wishes_of(self, lesson: Lesson, place: Placement) -> Iterator[Violation]:
        name = self._name(lesson)
        wishes: list[tuple[str | None, str, frozenset[Slot]]] = [(None, name, lesson.preferred)]
        if lesson.trainer is not None:
            trainer = self._problem.trainer[lesson.trainer]
            wishes.append((trainer.key, trainer.name, trainer.preferred))
        wishes.extend((key, self._problem.group[key].name, self._problem.group[key].preferred) for key in lesson.groups)
        for subject, who, preferred in wishes:
            amount = sum(slot not in preferred for slot in lesson.slots(place.slot)) if preferred else 0
            if amount > 0:
                text = f"{name} on {self._grid.name(place.slot)} is not when {who} would like it."
                yield self._broken(Rule.PREFERRED, amount, text, lesson, place.slot, subject=subject)
        if lesson.former is not None and lesson.former != place:
            yield self._broken(Rule.MOVED, 1, f"{name} is not where it was.", lesson, place.slot)

    def _clashes(
        self, rule: Rule, subject: str, who: str, lessons: list[tuple[Lesson, Placement]]
    ) -> Iterator[Violation]:
        for slot, there in sorted(_by_slot(lessons).items()):
            if len(there) > 1:
                names = ", ".join(self._name(lesson) for lesson in there)
                text = f"{who} has {len(there)} lessons on {self._grid.name(slot)}: {names}."
                keys = tuple(lesson.key for lesson in there)
                yield self._broken(rule, len(there) - 1, text, slot=slot, lessons=keys, subject=subject)

    def _days_of(self, party: Party, lessons: list[tuple[Lesson, Placement]], *, is_group: bool) -> Iterator[Violation]:
        taken = _by_slot(lessons)
        for day in range(self._grid.days):
            there = {slot.period for slot in taken if slot.day == day and slot in self._grid}
            if not there:
                continue
            keys = tuple(lesson.key for lesson, place in lessons if place.day == day)
            for rule, amount, text in self._day_of(party, day, there, is_group=is_group):
                if amount > 0:
                    whole = f"{party.name} on {self._grid.day_name(day)}: {text}."
                    yield self._broken(rule, amount, whole, lessons=keys, subject=party.key, day=day)

    def _day_of(self, party: Party, day: int, there: set[int], *, is_group: bool) -> Iterator[tuple[Rule, int, str]]:
        """`there`: the day's periods with a lesson, not empty."""
        if party.max_daily is not None:
            rule = Rule.GROUP_DAILY_LOAD if is_group else Rule.TRAINER_DAILY_LOAD
            yield rule, len(there) - party.max_daily, f"{len(there)} periods, {party.max_daily} at most"
        if party.max_consecutive is not None:
            rule = Rule.GROUP_CONSECUTIVE if is_group else Rule.TRAINER_CONSECUTIVE
            for run in self._runs(day, there):
                yield rule, run - party.max_consecutive, f"{run} periods on end, {party.max_consecutive} at most"
        idle = [period for period in range(min(there), max(there)) if period not in there]
        lunch = {slot.period for slot in self._grid.lunch if slot.day == day}
        gaps = len(idle) - (1 if lunch.intersection(idle) else 0)
        yield Rule.GROUP_GAP if is_group else Rule.TRAINER_GAP, gaps, f"{gaps} idle periods between lessons"
        yield Rule.LUNCH, 1 if lunch and lunch <= there else 0, "no time for lunch"
        if is_group:
            lone = [period for period in there if period - 1 not in there and period + 1 not in there]
            yield Rule.GROUP_LONE_PERIOD, len(lone), f"{len(lone)} lone period{'' if len(lone) == 1 else 's'}"

    def _runs(self, day: int, there: set[int]) -> list[int]:
        runs: list[int] = []
        length = 0
        for period in range(self._grid.periods_per_day):
            length = length + 1 if period in there else 0
            ends = period + 1 not in there or Slot(day, period) in self._grid.breaks
            if length > 0 and ends:
                runs.append(length)
                length = 0
        return runs

    def _bookings_of(self, room: Room) -> Iterator[Violation]:
        lessons = self._of["room", room.key]
        if not room.shared:
            yield from self._clashes(Rule.ROOM_CONFLICT, room.key, room.name, lessons)
        if room.max_daily_lessons is not None:
            for day in range(self._grid.days):
                keys = tuple(lesson.key for lesson, place in lessons if place.day == day)
                if len(keys) > room.max_daily_lessons:
                    amount = len(keys) - room.max_daily_lessons
                    at = self._grid.day_name(day)
                    text = f"{room.name} has {len(keys)} lessons on {at}, {room.max_daily_lessons} at most."
                    yield self._broken(Rule.ROOM_DAILY_LOAD, amount, text, lessons=keys, subject=room.key, day=day)

    def _name(self, lesson: Lesson) -> str:
        return self._problem.lesson_name(lesson.key)

    def _broken(
        self,
        rule: Rule,
        amount: int,
        text: str,
        lesson: Lesson | None = None,
        slot: Slot | None = None,
        *,
        lessons: tuple[str, ...] = (),
        subject: str | None = None,
        day: int | None = None,
    ) -> Violation:
        hard = self._problem.policy.is_hard(rule)
        return Violation(
            rule=rule,
            hard=hard,
            amount=amount,
            cost=0 if hard else amount * self._problem.policy.weight(rule),
            text=text,
            lessons=lessons if lesson is None else (lesson.key,),
            subject=subject,
            day=day if slot is None else slot.day,
            period=None if slot is None else slot.period,
        )


def _by_slot(lessons: list[tuple[Lesson, Placement]]) -> dict[Slot, list[Lesson]]:
    there: defaultdict[Slot, list[Lesson]] = defaultdict(list)
    for lesson, place in lessons:
        for slot in lesson.slots(place.slot):
            there[slot].append(lesson)
    return there
