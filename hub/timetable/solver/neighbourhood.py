"""Which lessons a repair has to move, and which it would help to."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property

from hub.timetable.solver.formulation import LOAD_RULES, parties_of
from hub.timetable.solver.policy import Rule
from hub.timetable.solver.problem import Lesson, Placement, Plan, Problem, Room, Slot
from hub.timetable.solver.validator import validate


class Neighbourhood:
    """Who is where in a plan. Made once for a plan."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.plan = plan
        self._there: defaultdict[tuple[str, str, Slot], list[str]] = defaultdict(list)
        self._of_party: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._in_room: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        for lesson in problem.lessons:
            for party in parties_of(lesson):
                self._of_party[party].append(lesson.key)
            if (place := plan.placements.get(lesson.key)) is not None:
                self._in_room[place.room, place.day].append(lesson.key)
                for taken in takes(problem, lesson, place):
                    self._there[taken].append(lesson.key)

    @cached_property
    def displaced(self) -> frozenset[str]:
        """Lessons that can't stay, whatever becomes of the others, and those without a place."""
        displaced: set[str] = set()
        for lesson in self.problem.lessons:
            if not self._may_stay(lesson):
                displaced.add(lesson.key)
            if lesson.pinned is not None:
                displaced.update(self.at(lesson, lesson.pinned))
            elif lesson.allowed is not None and len(starts := self.problem.starts(lesson)) == 1:
                displaced.update(self._of_the_parties_at(lesson, starts[0]) - {lesson.key})
        return frozenset(key for key in displaced if not self._stands(self.problem.lesson[key]))

    @cached_property
    def clashing(self) -> frozenset[str]:
        """Lessons that could stay but for others that could: two at a time in a room or for somebody, or more than a
        hard load.
        """
        staying = {key: place for key, place in self.plan.placements.items() if key not in self.displaced}
        return frozenset(
            key
            for violation in validate(self.problem, Plan(staying)).violations
            if violation.hard and violation.rule is not Rule.UNPLACED
            for key in violation.lessons
        )

    @cached_property
    def relocated(self) -> int:
        """How many of the displaced lessons had a place: no repair moves fewer."""
        return sum(key in self.plan.placements for key in self.displaced)

    def within(self, spare: int) -> set[str]:
        """Every lesson that a repair may have to move when it moves at most `spare` beside the displaced ones: those in
        the way of one that moves, where no more are in its way than may move, and those that fill a day's hard load up.
        """
        reached = set(self.displaced)
        if spare > 0:
            reached |= self.clashing
        edge = set(reached)
        for _ in range(spare):
            met: set[str] = set()
            for key in edge:
                lesson = self.problem.lesson[key]
                for place in self._places(lesson):
                    others = self.at(lesson, place)
                    if self._allows(key, others, spare):
                        met |= others
                met |= self._filling_days(lesson, spare)
            edge = {key for key in met - reached if self.problem.lesson[key].pinned is None}
            reached |= edge
        return reached

    def allows(self, key: str, place: Placement, spare: int) -> bool:
        """Whether a lesson could go there when, beside the displaced ones, `spare` move. A lesson that is not displaced
        is one of them itself.
        """
        return self._allows(key, self.at(self.problem.lesson[key], place), spare)

    def _allows(self, key: str, others: set[str], spare: int) -> bool:
        return len(others - self.displaced) <= (spare if key in self.displaced else spare - 1)

    def at(self, lesson: Lesson, place: Placement) -> set[str]:
        """The other lessons in the way of a lesson at a place."""
        return {key for taken in takes(self.problem, lesson, place) for key in self._there.get(taken, ())} - {
            lesson.key
        }

    def _places(self, lesson: Lesson) -> Iterator[Placement]:
        if lesson.pinned is not None:
            yield lesson.pinned
            return
        rooms = self.problem.rooms_for(lesson)
        for start in self.problem.starts(lesson):
            for room in rooms:
                if room.unavailable.isdisjoint(lesson.slots(start)):
                    yield Placement(start.day, start.period, room.key)

    def _filling_days(self, lesson: Lesson, spare: int) -> set[str]:
        """Lessons that may have to leave a day for a hard load's sake when this one and others that move come in;
        rather more of them than fewer.
        """
        filling: set[str] = set()
        for who, key in parties_of(lesson):
            if who == "course":
                continue
            party = (self.problem.group if who == "group" else self.problem.trainer)[key]
            limits = [
                limit
                for rule, limit in zip(LOAD_RULES[who], (party.max_daily, party.max_consecutive), strict=True)
                if limit is not None and self.problem.policy.is_hard(rule)
            ]
            if limits:
                moving = [self.problem.lesson[other].duration for other in self._of_party[who, key]]
                displaced = sum(
                    self.problem.lesson[other].duration for other in self._of_party[who, key] if other in self.displaced
                )
                filling |= self._beyond(self._of_party[who, key], displaced + spare * max(moving), min(limits))
        if self.problem.policy.is_hard(Rule.ROOM_DAILY_LOAD):
            for room in self.problem.rooms_for(lesson):
                if room.max_daily_lessons is not None:
                    for day in range(self.problem.grid.days):
                        there = self._in_room[room.key, day]
                        if len(there) + len(self.displaced) + spare > room.max_daily_lessons:
                            filling.update(there)
        return filling

    def _beyond(self, keys: Collection[str], entering: int, limit: int) -> set[str]:
        """Of these lessons those on days whose load would be beyond the limit if so many periods came in."""
        on_day: defaultdict[int, list[str]] = defaultdict(list)
        for key in keys:
            if (place := self.plan.placements.get(key)) is not None:
                on_day[place.day].append(key)
        return {
            key
            for there in on_day.values()
            if sum(self.problem.lesson[key].duration for key in there) + entering > limit
            for key in there
        }

    def held(self, who: str, key: str, slot: Slot) -> set[str]:
        """The lessons that somebody or a room has in a period."""
        return set(self._there.get((who, key, slot), ()))

    def relatives(self, keys: Collection[str]) -> set[str]:
        """The lessons of the same class groups, trainers and courses."""
        return {
            other for key in keys for party in parties_of(self.problem.lesson[key]) for other in self._of_party[party]
        }

    def in_the_way(self, keys: Collection[str]) -> Iterator[str]:
        """Lessons that stand where these could go, the most often met first; pinned ones never."""
        met: Counter[str] = Counter()
        for key in sorted(keys):
            lesson = self.problem.lesson[key]
            rooms = self.problem.rooms_for(lesson)
            for start in self.problem.starts(lesson):
                held = self._of_the_parties_at(lesson, start)
                met.update(held)
                if len(held) <= 1:
                    for room in rooms:
                        met.update(
                            other
                            for slot in lesson.slots(start)
                            for other in self._there.get(("room", room.key, slot), ())
                        )
        for key, _ in sorted(met.items(), key=lambda item: (-item[1], item[0])):
            if key not in keys and self.problem.lesson[key].pinned is None:
                yield key

    def _of_the_parties_at(self, lesson: Lesson, start: Slot) -> set[str]:
        return {
            other
            for who, key in parties_of(lesson)
            for slot in lesson.slots(start)
            for other in self._there.get((who, key, slot), ())
        }

    def _stands(self, lesson: Lesson) -> bool:
        return lesson.pinned is not None and self.plan.placements.get(lesson.key) == lesson.pinned

    def _may_stay(self, lesson: Lesson) -> bool:
        place = self.plan.placements.get(lesson.key)
        if place is None or lesson.pinned is not None:
            return place is not None and place == lesson.pinned
        room = self.problem.room[place.room]
        return (
            may_begin(self.problem, lesson, place.slot)
            and suits(self.problem, lesson, room)
            and room.unavailable.isdisjoint(lesson.slots(place.slot))
        )


def may_begin(problem: Problem, lesson: Lesson, start: Slot) -> bool:
    """Whether it is one of `problem.starts(lesson)`, without looking for the others."""
    if lesson.pinned is not None:
        return start == lesson.pinned.slot
    slots = lesson.slots(start)
    return (
        slots[0] in problem.grid
        and slots[-1] in problem.grid
        and problem.grid.breaks.isdisjoint(slots[:-1])
        and problem.grid.closed.isdisjoint(slots)
        and lesson.unavailable.isdisjoint(slots)
        and (lesson.allowed is None or lesson.allowed.issuperset(slots))
        and (lesson.trainer is None or problem.trainer[lesson.trainer].unavailable.isdisjoint(slots))
        and all(problem.group[group].unavailable.isdisjoint(slots) for group in lesson.groups)
    )


def suits(problem: Problem, lesson: Lesson, room: Room) -> bool:
    """Whether it is one of `problem.rooms_for(lesson)`, without looking for the others."""
    if lesson.pinned is not None:
        return room.key == lesson.pinned.room
    return (
        (lesson.rooms is None or room.key in lesson.rooms)
        and (lesson.room_type is None or room.type == lesson.room_type)
        and lesson.room_features <= room.features
        and (room.capacity >= lesson.students or not problem.policy.is_hard(Rule.ROOM_CAPACITY))
    )


def takes(problem: Problem, lesson: Lesson, place: Placement) -> Iterator[tuple[str, str, Slot]]:
    """What nobody else can have meanwhile: (kind, key, period) of its parties and, unless it is shared, its room."""
    for slot in lesson.slots(place.slot):
        for who, key in parties_of(lesson):
            yield who, key, slot
        if not problem.room[place.room].shared:
            yield "room", place.room, slot
