"""Some lessons of a plan set free among the others, as a CP-SAT model: the hard rules, and what counts as a move.

Lessons that differ in nothing but their key are one *kind* with a number: which of them is where makes no difference,
and so much symmetry is not searched. A variable says that a lesson of a kind starts at a slot, another that it does so
in a room.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from hub.timetable.solver.cp_sat import Outcome, Term
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Party, Placement, Plan, Problem, Room, Slot

UNPLACED_COST = 10_000
"""Of a lesson left out, in moves or in soft cost: more than any plan gains by it."""


class Kind(NamedTuple):
    """Free lessons that are alike; `lesson` stands for all of them."""

    lesson: Lesson
    keys: tuple[str, ...]


class Formulation:
    """The model and its variables. `objective` collects what the search minimises; `kinds` are the free lessons.

    `plan` says where the others stay, and where the free ones are now (for moves and as the hint). With `rooms_each` a
    lesson chooses among its present room, those of its course, and that many others, the best fitting first: the model
    is smaller, and what it proves then holds for those rooms alone. Those of `start`, where the search will start, are
    among them. `allows` rules out further places of a lesson. With
    `elastic` lessons may stay without a place at UNPLACED_COST each.
    """

    def __init__(
        self,
        problem: Problem,
        plan: Plan,
        free: Collection[str],
        *,
        elastic: bool = True,
        rooms_each: int | None = None,
        start: Plan | None = None,
        allows: Callable[[str, Placement], bool] | None = None,
    ) -> None:
        self.problem = problem
        self.plan = plan
        self.model = cp_model.CpModel()
        self.objective: list[Term] = []
        self.kinds = _kinds(problem, free)
        self.fixed = tuple(
            (lesson, plan.placements[lesson.key])
            for lesson in problem.lessons
            if lesson.key not in free and lesson.key in plan.placements
        )
        self.starts: dict[tuple[int, Slot], Term] = {}
        """(number of the kind, first period) → a lesson of it starts there."""
        self.places: dict[tuple[int, Placement], Term] = {}
        """(number of the kind, place) → a lesson of it is there."""
        self.left_out: dict[int, Term] = {}
        """Number of the kind → how many of its lessons have no place."""
        self._taken = _Taken(problem, self.fixed)
        self._rooms_each = rooms_each
        self._rooms_known = _rooms_by_course(problem, plan, start or plan)
        self._allows = allows
        self.covering: defaultdict[tuple[str, str, Slot], list[Term]] = defaultdict(list)
        """("group" | "trainer" | "course", key, period) → the starts that take it. At most one of them holds."""
        self.in_room: defaultdict[tuple[str, int], list[Term]] = defaultdict(list)
        """(room, day) → the places there."""
        self._there: dict[tuple[str, str, Slot], Term] = {}
        self._add_places(elastic=elastic)
        self._add_rules()

    @property
    def size(self) -> int:
        return len(self.places)

    def there(self, who: str, key: str, slot: Slot) -> Term:
        """1 where a lesson of a class group, trainer or course is in that period: a number or a variable."""
        choices = self.covering.get((who, key, slot), ())
        if self._taken.by(who, key, slot) or not choices:
            return self._taken.by(who, key, slot)
        if (who, key, slot) not in self._there:
            # Asked for by several rules: what they add up stays short.
            self._there[who, key, slot] = choices[0] if len(choices) == 1 else self._any_of(choices)
        return self._there[who, key, slot]

    def is_open(self, who: str, key: str, day: int) -> bool:
        """Whether anything of theirs on that day is left to decide."""
        periods = range(self.problem.grid.periods_per_day)
        return any((who, key, Slot(day, period)) in self.covering for period in periods)

    def fixed_in_room(self, room: str, day: int) -> int:
        return self._taken.bookings[room, day]

    def stays(self) -> list[Term]:
        """One for each free lesson that may stay where it is: whether that place is kept."""
        kept = {
            (number, self.plan.placements[key])
            for number, kind in enumerate(self.kinds)
            for key in kind.keys
            if key in self.plan.placements
        }
        return [self.places[place] for place in sorted(kept) if place in self.places]

    def movable(self) -> int:
        """How many of the free lessons have a place now."""
        return sum(key in self.plan.placements for kind in self.kinds for key in kind.keys)

    def moves(self) -> Term:
        """The number of lessons that leave their place, as an expression. A lesson that had none does not count."""
        return self.movable() - sum(self.stays())

    def hint(self, plan: Plan) -> None:
        """Start the search from there."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        values: dict[int, tuple[Term, bool]] = {}
        for number, kind in enumerate(self.kinds):
            now = {plan.placements[key] for key in kind.keys if key in plan.placements}
            begins = {place.slot for place in now}
            for start in self._starts_of(number):
                variable = self.starts[number, start]
                values[variable.index] = variable, start in begins
            for place in self._places_of[number]:
                variable = self.places[number, place]
                values[variable.index] = variable, place in now
        for variable, value in values.values():
            self.model.add_hint(variable, int(value))

    def read(self, outcome: Outcome) -> Plan:
        """The plan that a search found: whoever can keep its place does, or its former one where the policy weighs
        that.
        """
        if outcome.values is None:
            raise ValueError("The search found nothing to read.")
        placements = {lesson.key: place for lesson, place in self.fixed}
        former = {lesson.key: lesson.former for lesson in self.problem.lessons if lesson.former is not None}
        keep = {**self.plan.placements, **former} if self.problem.policy.weight(Rule.MOVED) else self.plan.placements
        for number, kind in enumerate(self.kinds):
            chosen = [
                place for place in self._places_of[number] if outcome.values.boolean_value(self.places[number, place])
            ]
            placements |= _hand_out(kind.keys, chosen, keep)
        return Plan(placements)

    def _starts_of(self, number: int) -> list[Slot]:
        return list(dict.fromkeys(place.slot for place in self._places_of[number]))

    def _add_places(self, *, elastic: bool) -> None:
        self._places_of: list[list[Placement]] = []
        for number, kind in enumerate(self.kinds):
            by_start: defaultdict[Slot, list[Term]] = defaultdict(list)
            possible = [place for place in self._possible(kind) if self._allowed(kind, place)]
            self._places_of.append(possible)
            for place in possible:
                chosen = self.places[number, place] = self.model.new_bool_var("")
                by_start[place.slot].append(chosen)
                self.in_room[place.room, place.day].append(chosen)
            for start, choices in by_start.items():
                begins = self.starts[number, start] = choices[0] if len(choices) == 1 else self._any_of(choices)
                for slot in kind.lesson.slots(start):
                    for who, key in parties_of(kind.lesson):
                        self.covering[who, key, slot].append(begins)
            begun = sum(self.starts[number, start] for start in by_start)
            if elastic:
                missing = self.left_out[number] = self.model.new_int_var(0, len(kind.keys), "")
                self.objective.append(UNPLACED_COST * missing)
                begun += missing
            if by_start or elastic:
                self.model.add(begun == len(kind.keys))
            else:
                self.model.add_bool_or([])

    def _any_of(self, choices: list[Term]) -> Term:
        begins = self.model.new_bool_var("")
        self.model.add(sum(choices) == begins)
        return begins

    def _possible(self, kind: Kind) -> Iterator[Placement]:
        """Where the lessons that stay leave one of the kind a place. A pinned one goes to its own, whoever is there."""
        if kind.lesson.pinned is not None:
            yield kind.lesson.pinned
            return
        rooms, known = self._rooms_for(kind)
        for start in self.problem.starts(kind.lesson):
            slots = kind.lesson.slots(start)
            if any(self._taken.by(who, key, slot) for who, key in parties_of(kind.lesson) for slot in slots):
                continue
            offered = 0
            for room in rooms:
                if room.unavailable.isdisjoint(slots) and not any(
                    self._taken.by("room", room.key, slot) for slot in slots
                ):
                    if room.key in known or self._rooms_each is None or offered < self._rooms_each:
                        yield Placement(start.day, start.period, room.key)
                    offered += 1

    def _allowed(self, kind: Kind, place: Placement) -> bool:
        if self._allows is None or any(self.plan.placements.get(key) == place for key in kind.keys):
            return True
        return any(self._allows(key, place) for key in kind.keys)

    def _rooms_for(self, kind: Kind) -> tuple[list[Room], set[str]]:
        """Those that are right for it, the best fitting first, and which of its course's lessons are in now."""
        students = kind.lesson.students
        rooms = sorted(
            self.problem.rooms_for(kind.lesson),
            key=lambda room: (room.capacity < students, abs(room.capacity - students), room.key),
        )
        return rooms, self._rooms_known[kind.lesson.course]

    def _add_rules(self) -> None:
        for choices in self.covering.values():
            if len(choices) > 1:
                self.model.add_at_most_one(choices)
        self._add_room_conflicts()
        for room in self.problem.rooms:
            if room.max_daily_lessons is not None and self.problem.policy.is_hard(Rule.ROOM_DAILY_LOAD):
                for day in range(self.problem.grid.days):
                    if bookings := self.in_room.get((room.key, day)):
                        left = max(room.max_daily_lessons - self.fixed_in_room(room.key, day), 0)
                        self.model.add(sum(bookings) <= left)
        for who, party, day in self.open_days():
            self._add_loads(who, party, day)

    def _add_room_conflicts(self) -> None:
        booked: defaultdict[tuple[str, Slot], list[Term]] = defaultdict(list)
        for (number, place), chosen in self.places.items():
            if not self.problem.room[place.room].shared:
                for slot in self.kinds[number].lesson.slots(place.slot):
                    booked[place.room, slot].append(chosen)
        for choices in booked.values():
            if len(choices) > 1:
                self.model.add_at_most_one(choices)

    def open_days(self) -> Iterator[tuple[str, Party, int]]:
        """The days of class groups and trainers on which something is left to decide."""
        touched = {(who, key, slot.day) for who, key, slot in self.covering if who != "course"}
        for who, key, day in sorted(touched):
            yield who, (self.problem.group if who == "group" else self.problem.trainer)[key], day

    def _add_loads(self, who: str, party: Party, day: int) -> None:
        """What stays may break a maximum already: then no more of it is let in."""
        daily, consecutive = LOAD_RULES[who]
        there = [self.there(who, party.key, slot) for slot in day_slots(self.problem, day)]
        if party.max_daily is not None and self.problem.policy.is_hard(daily):
            self.model.add(sum(there) <= max(party.max_daily, _settled(there)))
        if party.max_consecutive is not None and self.problem.policy.is_hard(consecutive):
            for window in unbroken_windows(self.problem, day, party.max_consecutive + 1):
                inside = [there[period] for period in window]
                if _settled(inside) < len(inside):
                    self.model.add(sum(inside) <= party.max_consecutive)


LOAD_RULES = {
    "group": (Rule.GROUP_DAILY_LOAD, Rule.GROUP_CONSECUTIVE),
    "trainer": (Rule.TRAINER_DAILY_LOAD, Rule.TRAINER_CONSECUTIVE),
}


def day_slots(problem: Problem, day: int) -> list[Slot]:
    return [Slot(day, period) for period in range(problem.grid.periods_per_day)]


def unbroken_windows(problem: Problem, day: int, length: int) -> Iterator[range]:
    """The day's stretches of so many periods with no break inside. A run breaks a maximum once for each stretch of one
    more period that it fills.
    """
    for first in range(problem.grid.periods_per_day - length + 1):
        window = range(first, first + length)
        if not any(Slot(day, period) in problem.grid.breaks for period in window[:-1]):
            yield window


def parties_of(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Who can be at one lesson at a time: its class groups, its trainer, and its course."""
    yield "course", lesson.course
    if lesson.trainer is not None:
        yield "trainer", lesson.trainer
    for group in lesson.groups:
        yield "group", group


class _Taken:
    """What the lessons that stay take."""

    def __init__(self, problem: Problem, fixed: Iterable[tuple[Lesson, Placement]]) -> None:
        self._slots: set[tuple[str, str, Slot]] = set()
        self.bookings: Counter[tuple[str, int]] = Counter()
        for lesson, place in fixed:
            self.bookings[place.room, place.day] += 1
            for slot in lesson.slots(place.slot):
                self._slots.update((who, key, slot) for who, key in parties_of(lesson))
                if not problem.room[place.room].shared:
                    self._slots.add(("room", place.room, slot))

    def by(self, who: str, key: str, slot: Slot) -> int:
        return int((who, key, slot) in self._slots)


def _kinds(problem: Problem, free: Collection[str]) -> list[Kind]:
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for lesson in problem.lessons:
        if lesson.key in free:
            own = lesson.key if lesson.pinned is not None else ""
            alike[(replace(lesson, key=own, former=None),)].append(lesson.key)
    return [Kind(problem.lesson[keys[0]], tuple(keys)) for keys in alike.values()]


def _rooms_by_course(problem: Problem, *plans: Plan) -> defaultdict[str, set[str]]:
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    for plan in plans:
        for key, place in plan.placements.items():
            rooms[problem.lesson[key].course].add(place.room)
    return rooms


def _hand_out(keys: tuple[str, ...], chosen: list[Placement], now: Mapping[str, Placement]) -> dict[str, Placement]:
    given: dict[str, Placement] = {}
    left = set(chosen)
    for key in keys:
        if (place := now.get(key)) in left:
            given[key] = place
            left.remove(place)
    without = [key for key in keys if key not in given]
    # Lessons that had a place come first: one that could not be placed stays so, if any must.
    without.sort(key=lambda key: key not in now)
    return given | dict(zip(without, sorted(left), strict=False))


def _settled(there: list[Term]) -> int:
    return sum(term for term in there if isinstance(term, int))
