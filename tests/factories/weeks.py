"""Small random weeks to be planned, with every rule in play, and random plans of them."""

from random import Random

from hub.timetable.solver.policy import ALWAYS_HARD, EITHER, Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot


def random_problem(random: Random, *, courses: int = 4, hard: bool = True, days: int = 3, periods: int = 5) -> Problem:
    """With `hard` every rule that may be hard is so by chance; without it all are weighed."""
    slots = [Slot(day, period) for day in range(days) for period in range(periods)]

    def some(most: int) -> frozenset[Slot]:
        return frozenset(random.sample(slots, random.randint(0, most)))

    held = frozenset(rule for rule in sorted(EITHER) if hard and random.random() < 0.5)
    grid = Grid(
        days=days,
        periods_per_day=periods,
        breaks=frozenset(Slot(day, 1) for day in range(days) if random.random() < 0.5),
        lunch=frozenset(Slot(day, period) for day in range(days) for period in range(2, min(periods, 4))),
        closed=some(1),
    )
    rooms = tuple(
        Room(
            key=f"r{number}",
            name=f"Room {number}",
            capacity=random.choice([10, 25, 40]),
            type=random.choice(["classroom", "lab"]),
            unavailable=some(2),
            shared=random.random() < 0.1,
            max_daily_lessons=random.choice([None, 2, 3]),
        )
        for number in range(3)
    )
    return Problem(
        grid=grid,
        rooms=rooms,
        groups=tuple(_party(random, f"g{number}", f"Group {number}", some(2), some(4)) for number in range(2)),
        trainers=tuple(_party(random, f"t{number}", f"Trainer {number}", some(3), some(4)) for number in range(2)),
        courses=tuple(
            Course(key=f"c{number}", name=f"Course {number}", min_days=random.randint(1, 3))
            for number in range(courses)
        ),
        lessons=tuple(
            Lesson(
                key=f"c{number}#{count}",
                course=f"c{number}",
                duration=random.choice([1, 1, 1, 2]),
                trainer=random.choice([None, "t0", "t1"]),
                groups=random.choice([("g0",), ("g1",), ("g0", "g1"), ()]),
                students=random.choice([8, 20, 35]),
                room_type=random.choice([None, None, None, "classroom", "lab"]),
                unavailable=some(2),
                preferred=some(3),
                former=random.choice([None, Placement(0, 0, "r0"), Placement(1, 2, "r1")]),
            )
            for number in range(courses)
            for count in range(random.randint(1, 3))
        ),
        policy=Policy(
            hard=held,
            weights={rule: random.randint(1, 5) for rule in Rule if rule not in held and rule not in ALWAYS_HARD},
        ),
    )


def _party(random: Random, key: str, name: str, unavailable: frozenset[Slot], preferred: frozenset[Slot]) -> Party:
    return Party(
        key=key,
        name=name,
        unavailable=unavailable,
        preferred=preferred,
        max_daily=random.choice([None, 2, 3]),
        max_consecutive=random.choice([None, 1, 2]),
    )


def random_plan(random: Random, problem: Problem, *, tries: int = 20) -> Plan:
    """Lessons put one after the other where nothing is in their way, as far as chance finds such a place."""
    placements: dict[str, Placement] = {}
    taken: set[tuple[str, str, Slot]] = set()
    for lesson in problem.lessons:
        starts, rooms = problem.starts(lesson), problem.rooms_for(lesson)
        for _ in range(tries if starts and rooms else 0):
            start, room = random.choice(starts), random.choice(rooms)
            slots = lesson.slots(start)
            wanted = {("course", lesson.course, slot) for slot in slots}
            wanted |= {("group", group, slot) for group in lesson.groups for slot in slots}
            wanted |= {("trainer", lesson.trainer, slot) for slot in slots if lesson.trainer is not None}
            wanted |= {("room", room.key, slot) for slot in slots if not room.shared}
            if room.unavailable.isdisjoint(slots) and taken.isdisjoint(wanted):
                taken |= wanted
                placements[lesson.key] = Placement(start.day, start.period, room.key)
                break
    return Plan(placements)
