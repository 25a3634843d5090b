"""What can't be planned whatever one tries, found by counting and matching before any search, and said by name.

Each shortage is a set of lessons that needs more than there is for it: of periods that a class group or trainer has, or
of room-periods. The sets come from minimum cuts (Hall's theorem: P. Hall, "On Representatives of Subsets", 1935), so
naming them proves it; that none is found proves nothing, for lessons of several periods, and people and rooms at once,
are not matched.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ortools.graph.python import max_flow

from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Party, Plan, Problem, Room, Slot
from hub.timetable.solver.validator import validate

MOST_NAMED = 5
"""Things that a sentence enumerates; of the rest it tells the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    text: str
    """For people."""
    lessons: tuple[str, ...]
    """Keys of those that can't all be placed. Of themselves: whatever becomes of the others."""
    needed: int
    available: int
    """Of what the text says: periods, stretches, room-periods. Fewer than needed."""
    subject: str | None = None
    """The key of the class group, trainer or course whose time is short."""


def shortages(problem: Problem) -> tuple[Shortage, ...]:
    """All that counting finds, plain ones first. Empty: it finds nothing, which does not mean that there is a plan."""
    counting = _Counting(problem)
    found: list[Shortage] = []
    for shortage in (*counting.pinned(), *counting.lessons(), *counting.people(), *counting.rooms()):
        # A set that holds one of those before says the same thing once more.
        if not any(set(before.lessons) <= set(shortage.lessons) for before in found):
            found.append(shortage)
    return tuple(found)


class Openings:
    """When and where lessons may be as far as they and their people are concerned: looked for once for all that are
    alike.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._starts: dict[tuple[object, ...], tuple[tuple[Slot, ...], frozenset[Slot]]] = {}
        self._rooms: dict[tuple[object, ...], tuple[str, ...]] = {}

    def starts(self, lesson: Lesson) -> tuple[Slot, ...]:
        return self._times(lesson)[0]

    def slots(self, lesson: Lesson) -> frozenset[Slot]:
        """The periods that it takes from any of its starts."""
        return self._times(lesson)[1]

    def rooms(self, lesson: Lesson) -> tuple[str, ...]:
        needs = (lesson.room_type, lesson.room_features, lesson.rooms, lesson.students, lesson.pinned)
        if needs not in self._rooms:
            self._rooms[needs] = tuple(room.key for room in self._problem.rooms_for(lesson))
        return self._rooms[needs]

    def _times(self, lesson: Lesson) -> tuple[tuple[Slot, ...], frozenset[Slot]]:
        needs = (lesson.duration, lesson.trainer, lesson.groups, lesson.allowed, lesson.unavailable, lesson.pinned)
        if needs not in self._starts:
            starts = self._problem.starts(lesson)
            self._starts[needs] = starts, frozenset(slot for start in starts for slot in lesson.slots(start))
        return self._starts[needs]


class _Counting:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        openings = Openings(problem)
        self._starts = {lesson.key: openings.starts(lesson) for lesson in problem.lessons}
        self._slots = {lesson.key: openings.slots(lesson) for lesson in problem.lessons}
        self._rooms = {lesson.key: openings.rooms(lesson) for lesson in problem.lessons}
        self._hopeless: set[str] = set()

    def pinned(self) -> Iterator[Shortage]:
        """Lessons pinned where they break a rule or meet each other."""
        plan = Plan({lesson.key: lesson.pinned for lesson in self._problem.lessons if lesson.pinned is not None})
        for violation in validate(self._problem, plan).violations if plan.placements else ():
            if violation.hard and violation.rule is not Rule.UNPLACED:
                self._hopeless.update(violation.lessons)
                text = f"Pinned lessons: {violation.text}"
                yield Shortage(text=text, lessons=violation.lessons, needed=len(violation.lessons), available=0)

    def lessons(self) -> Iterator[Shortage]:
        """Lessons that have no place even in an empty week; alike ones together."""
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for lesson in self._problem.lessons:
            if (why := self._why_nowhere(lesson)) is not None:
                alike[f"{self._problem.lesson_name(lesson.key)} {why}"].append(lesson.key)
                self._hopeless.add(lesson.key)
        for text, keys in alike.items():
            yield Shortage(text=text, lessons=tuple(keys), needed=len(keys), available=0)

    def people(self) -> Iterator[Shortage]:
        """Per class group and trainer: periods, then stretches for long lessons, then matching."""
        of: defaultdict[tuple[str, str], list[Lesson]] = defaultdict(list)
        for lesson in self._problem.lessons:
            if lesson.key not in self._hopeless:
                for group in lesson.groups:
                    of["group", group].append(lesson)
                if lesson.trainer is not None:
                    of["trainer", lesson.trainer].append(lesson)
        for who, parties in (("group", self._problem.groups), ("trainer", self._problem.trainers)):
            for party in parties:
                if lessons := of[who, party.key]:
                    yield from self._of_party(who, party, lessons)

    def rooms(self) -> Iterator[Shortage]:
        lessons = [lesson for lesson in self._problem.lessons if lesson.key not in self._hopeless]
        if (cut := self._room_periods(lessons)) is not None:
            yield cut
        by_rooms: defaultdict[frozenset[str], list[Lesson]] = defaultdict(list)
        for lesson in lessons:
            by_rooms[frozenset(self._rooms[lesson.key])].append(lesson)
        for rooms in sorted(by_rooms, key=lambda rooms: (len(rooms), sorted(rooms))):
            inside = [lesson for others, some in by_rooms.items() if others <= rooms for lesson in some]
            if not any(self._problem.room[room].shared for room in rooms):
                yield from self._blocks_in(rooms, inside)

    def _why_nowhere(self, lesson: Lesson) -> str | None:
        if not self._rooms[lesson.key]:
            return f"has no room that is right for it: {_needs(self._problem, lesson)}."
        if not self._starts[lesson.key]:
            return f"has no time: {_whom(self._problem, lesson)} never for {_periods(lesson.duration)} on end."
        if not any(
            self._problem.room[room].unavailable.isdisjoint(lesson.slots(start))
            for room in self._rooms[lesson.key]
            for start in self._starts[lesson.key]
        ):
            return "has no time at which a room that is right for it can be used."
        return None

    def _of_party(self, who: str, party: Party, lessons: list[Lesson]) -> Iterator[Shortage]:
        daily = Rule.GROUP_DAILY_LOAD if who == "group" else Rule.TRAINER_DAILY_LOAD
        most = party.max_daily if party.max_daily is not None and self._problem.policy.is_hard(daily) else None
        absent = party.unavailable | self._problem.grid.closed
        per_day = Counter(
            day
            for day in range(self._problem.grid.days)
            for period in range(self._problem.grid.periods_per_day)
            if Slot(day, period) not in absent
        )
        available = sum(count if most is None else min(count, most) for count in per_day.values())
        needed = sum(lesson.duration for lesson in lessons)
        keys = tuple(lesson.key for lesson in lessons)
        if needed > available:
            text = f"{party.name} needs {_periods(needed)}, has {available}."
            yield Shortage(text=text, lessons=keys, needed=needed, available=available, subject=party.key)
            return
        for length in sorted({lesson.duration for lesson in lessons if lesson.duration > 1}):
            long = [lesson for lesson in lessons if lesson.duration >= length]
            has = self._stretches(long, length, most)
            if len(long) > has:
                text = f"{party.name}: {len(long)} lessons need {length} periods on end; {has} such stretches are open."
                found = tuple(lesson.key for lesson in long)
                yield Shortage(text=text, lessons=found, needed=len(long), available=has, subject=party.key)
                return
        if (cut := self._matching(lessons, most)) is not None:
            some, has = cut
            wants = sum(lesson.duration for lesson in some)
            text = f"{party.name}: {self._names(some)} need {_periods(wants)}, of which {has} are open to them."
            found = tuple(lesson.key for lesson in some)
            yield Shortage(text=text, lessons=found, needed=wants, available=has, subject=party.key)

    def _matching(self, lessons: list[Lesson], most_daily: int | None) -> tuple[list[Lesson], int] | None:
        """Lessons that want more periods than are open to any of them, with how many are: a minimum cut."""
        flow = _Flow()
        # Alike lessons are one node: with no two of them in a period, how many periods each takes makes no difference.
        alike: Counter[frozenset[Slot]] = Counter()
        for lesson in lessons:
            alike[self._slots[lesson.key]] += lesson.duration
        for slots, periods in alike.items():
            flow.arc("source", slots, periods)
            for slot in slots:
                flow.arc(slots, slot, 1)
        for slot in {slot for lesson in lessons for slot in self._slots[lesson.key]}:
            flow.arc(slot, ("day", slot.day), 1)
        for day in range(self._problem.grid.days):
            flow.arc(("day", day), "sink", self._problem.grid.periods_per_day if most_daily is None else most_daily)
        needed = sum(lesson.duration for lesson in lessons)
        through, inside = flow.cut()
        if through == needed:
            return None
        some = [lesson for lesson in lessons if self._slots[lesson.key] in inside]
        return some, through - (needed - sum(lesson.duration for lesson in some))

    def _stretches(self, lessons: Iterable[Lesson], length: int, most_daily: int | None) -> int:
        """How many lessons of that length find disjoint places where any of these may begin."""
        return _disjoint(
            {start for lesson in lessons for start in self._starts[lesson.key]},
            length,
            None if most_daily is None else most_daily // length,
        )

    def _room_periods(self, lessons: list[Lesson]) -> Shortage | None:
        flow = _Flow()
        alike: Counter[tuple[tuple[str, ...], frozenset[Slot]]] = Counter()
        for lesson in lessons:
            alike[self._rooms[lesson.key], self._slots[lesson.key]] += lesson.duration
        for (rooms, slots), periods in alike.items():
            flow.arc("source", (rooms, slots), periods)
            for slot in slots:
                flow.arc((rooms, slots), ("any of", rooms, slot), periods)
        for rooms, slot in {(rooms, slot) for rooms, slots in alike for slot in slots}:
            for room in rooms:
                if slot not in self._problem.room[room].unavailable:
                    flow.arc(("any of", rooms, slot), (room, slot), alike.total())
        for place in self._problem.rooms:
            for slot in {slot for _, slots in alike for slot in slots}:
                flow.arc((place.key, slot), "sink", alike.total() if place.shared else 1)
        needed = alike.total()
        through, inside = flow.cut()
        if through == needed:
            return None
        some = [lesson for lesson in lessons if (self._rooms[lesson.key], self._slots[lesson.key]) in inside]
        wants = sum(lesson.duration for lesson in some)
        has = through - (needed - wants)
        where = self._room_names({room for lesson in some for room in self._rooms[lesson.key]}, some)
        text = f"{where}: {_lessons(len(some))} need {wants} room-periods, {has} are free."
        return Shortage(text=text, lessons=tuple(lesson.key for lesson in some), needed=wants, available=has)

    def _blocks_in(self, rooms: frozenset[str], lessons: list[Lesson]) -> Iterator[Shortage]:
        """Lessons of so many periods or more, or bookings a day, against what the rooms that they must be in take."""
        held = self._problem.policy.is_hard(Rule.ROOM_DAILY_LOAD)
        for length in sorted({lesson.duration for lesson in lessons}):
            long = [lesson for lesson in lessons if lesson.duration >= length]
            starts = {start for lesson in long for start in self._starts[lesson.key]}
            has = sum(
                _disjoint(
                    _usable(self._problem.room[key], starts, length),
                    length,
                    self._problem.room[key].max_daily_lessons if held else None,
                )
                for key in rooms
            )
            if len(long) > has:
                where = self._room_names(rooms, long)
                of = f" of {length} periods" if length > 1 else ""
                text = f"{where}: {_lessons(len(long))}{of} have to be there, {has} fit in a week."
                found = tuple(lesson.key for lesson in long)
                yield Shortage(text=text, lessons=found, needed=len(long), available=has)
                return

    def _names(self, lessons: Sequence[Lesson]) -> str:
        return _enumerated(dict.fromkeys(self._problem.lesson_name(lesson.key) for lesson in lessons))

    def _room_names(self, rooms: Collection[str], lessons: Sequence[Lesson]) -> str:
        types = {lesson.room_type for lesson in lessons}
        if len(types) == 1 and (only := types.pop()) is not None:
            return f"Rooms of type {only}"
        if len(rooms) == len(self._problem.rooms):
            return "All rooms"
        return _enumerated(self._problem.room[key].name for key in sorted(rooms))


class _Flow:
    """A network between things that can be keys; "source" and "sink" are its ends."""

    def __init__(self) -> None:
        self._number: dict[object, int] = {"source": 0, "sink": 1}
        self._tails: list[int] = []
        self._heads: list[int] = []
        self._capacities: list[int] = []

    def arc(self, tail: object, head: object, capacity: int) -> None:
        self._tails.append(self._number.setdefault(tail, len(self._number)))
        self._heads.append(self._number.setdefault(head, len(self._number)))
        self._capacities.append(capacity)

    def cut(self) -> tuple[int, set[object]]:
        """The largest flow, and what is on the source's side of a smallest cut."""
        network = max_flow.SimpleMaxFlow()
        network.add_arcs_with_capacity(self._tails, self._heads, self._capacities)
        network.solve(0, 1)
        side = set(network.get_source_side_min_cut())
        return network.optimal_flow(), {thing for thing, number in self._number.items() if number in side}


def _usable(room: Room, starts: Iterable[Slot], length: int) -> set[Slot]:
    return {
        start
        for start in starts
        if not any(Slot(start.day, start.period + offset) in room.unavailable for offset in range(length))
    }


def _disjoint(starts: Iterable[Slot], length: int, most_daily: int | None) -> int:
    """How many stretches of that length fit without an overlap: taking the earliest each time is best."""
    per_day: Counter[int] = Counter()
    free_from: Counter[int] = Counter()
    for start in sorted(starts):
        if start.period >= free_from[start.day] and (most_daily is None or per_day[start.day] < most_daily):
            per_day[start.day] += 1
            free_from[start.day] = start.period + length
    return per_day.total()


def _needs(problem: Problem, lesson: Lesson) -> str:
    wants = [] if lesson.room_type is None else [f"type {lesson.room_type}"]
    wants.extend(sorted(lesson.room_features))
    if problem.policy.is_hard(Rule.ROOM_CAPACITY):
        wants.append(f"{lesson.students} seats")
    named = "" if lesson.rooms is None else " in one of the rooms named for it"
    return f"it needs {', '.join(wants) or 'a room'}{named}"


def _whom(problem: Problem, lesson: Lesson) -> str:
    names = [problem.group[group].name for group in lesson.groups]
    if lesson.trainer is not None:
        names.insert(0, problem.trainer[lesson.trainer].name)
    if not names:
        return "the hours in which it may be taught are open"
    return f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} free for it"


def _periods(count: int) -> str:
    return f"{count} period{'' if count == 1 else 's'}"


def _lessons(count: int) -> str:
    return f"{count} lesson{'' if count == 1 else 's'}"


def _enumerated(names: Iterable[str]) -> str:
    every = list(names)
    if len(every) <= MOST_NAMED:
        return ", ".join(every)
    return f"{', '.join(every[:MOST_NAMED])} and {len(every) - MOST_NAMED} more"
