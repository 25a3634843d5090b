"""A college's week to be planned: 20 programmes, 120 class groups, 150 trainers, 80 rooms; one for each seed."""

from random import Random

from hub.timetable.solver.policy import COLLEGE
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Problem, Room, Slot

PROGRAMMES, GROUPS_EACH, TRAINERS, DAYS, PERIODS = 20, 6, 150, 5, 9
ROOMS = {"classroom": 46, "lab": 22, "workshop": 12}
THEORY = ((2, 2), (2, 1), (2, 1), (1, 1), (1, 1))
"""A course each: the durations of its lessons, in periods."""
PRACTICE = (("lab", 3), ("lab", 2), ("workshop", 3))
BREAK_AFTER, LUNCH = (2, 5), (3, 4, 5)


def college_problem(seed: int = 1, *, programmes: int = PROGRAMMES) -> Problem:
    """Groups of 16 to 30 with 22 periods each, 14 of them theory; a third of the trainers is away for half a day, a
    third wishes for mornings; rooms are about three quarters full. With fewer `programmes` all numbers shrink alike.
    """
    random = Random(seed)  # noqa: S311 (a made-up college)
    rooms = _rooms(random, programmes)
    trainers = [_trainer(random, number) for number in range(TRAINERS * programmes // PROGRAMMES)]
    groups: list[Party] = []
    courses: list[Course] = []
    lessons: list[Lesson] = []
    load = dict.fromkeys((trainer.key for trainer in trainers), 0)
    for programme in range(programmes):
        staff = [trainer.key for trainer in trainers[programme::programmes]]
        for number in range(GROUPS_EACH):
            group = Party(key=f"p{programme}-{number}", name=f"P{programme}-{number}", max_daily=7, max_consecutive=5)
            groups.append(group)
            students = random.randint(16, 30)
            wanted: list[tuple[tuple[int, ...], str]] = [(durations, "classroom") for durations in THEORY]
            wanted += [((duration,), room_type) for room_type, duration in PRACTICE]
            for subject, (durations, room_type) in enumerate(wanted):
                course = f"{group.key}/{subject}"
                trainer = min(staff, key=lambda key: (load[key], key))
                load[trainer] += sum(durations)
                courses.append(Course(key=course, name=f"Unit {programme}.{subject}", min_days=len(durations)))
                lessons += [
                    Lesson(
                        key=f"{course}#{position}",
                        course=course,
                        duration=duration,
                        trainer=trainer,
                        groups=(group.key,),
                        students=students,
                        room_type=room_type,
                    )
                    for position, duration in enumerate(durations)
                ]
    return Problem(
        grid=Grid(
            days=DAYS,
            periods_per_day=PERIODS,
            breaks=frozenset(Slot(day, period) for day in range(DAYS) for period in BREAK_AFTER),
            closed=frozenset(Slot(DAYS - 1, period) for period in (PERIODS - 2, PERIODS - 1)),
            lunch=frozenset(Slot(day, period) for day in range(DAYS) for period in LUNCH),
        ),
        rooms=rooms,
        groups=tuple(groups),
        trainers=tuple(trainers),
        courses=tuple(courses),
        lessons=tuple(lessons),
        policy=COLLEGE,
    )


def _rooms(random: Random, programmes: int) -> tuple[Room, ...]:
    return tuple(
        Room(
            key=f"{room_type}-{number}",
            name=f"{room_type.capitalize()} {number}",
            capacity=random.choice((24, 30, 30, 40)) if room_type == "classroom" else 30,
            type=room_type,
            unavailable=_half_day(random) if random.random() < 0.05 else frozenset(),
        )
        for room_type, count in ROOMS.items()
        for number in range(-(-count * programmes // PROGRAMMES))
    )


def _trainer(random: Random, number: int) -> Party:
    mornings = frozenset(Slot(day, period) for day in range(DAYS) for period in range(5))
    return Party(
        key=f"t{number}",
        name=f"Trainer {number}",
        unavailable=_half_day(random) if random.random() < 1 / 3 else frozenset(),
        preferred=mornings if random.random() < 1 / 3 else frozenset(),
        max_daily=6,
        max_consecutive=4,
    )


def _half_day(random: Random) -> frozenset[Slot]:
    day, periods = random.randrange(DAYS), random.choice((range(5), range(5, PERIODS)))
    return frozenset(Slot(day, period) for period in periods)
