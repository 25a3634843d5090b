"""A made-up college of full size: 20 programmes, 120 class groups, 150 trainers, 80 rooms; one seed, one college."""

from random import Random

from hub.timetable.solver.policy import COLLEGE
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Problem, Room, Slot

PROGRAMMES = 20
GROUPS_EACH = 6
TRAINERS = 150
CLASSROOMS, LABS, WORKSHOPS = 54, 16, 10
DAYS, PERIODS = 5, 8
THEORY_COURSES, THEORY_PERIODS = 5, 3
PRACTICAL_COURSES, PRACTICAL_PERIODS = 3, 2
LUNCH = (3, 4)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def college(seed: int = 1) -> Problem:
    """2,160 lessons: of each group five courses of three single theory periods, and three of one double practical
    period.

    Every fourth trainer is away on a day of the week, half have wishes, some rooms are not bookable on an afternoon;
    loads and seats are hard, the soft rules are those that a college starts with.
    """
    random = Random(seed)  # noqa: S311 (the same college each time)
    rooms = [
        *(_room(random, "C", number, "classroom", 45 + 15 * (number % 2)) for number in range(CLASSROOMS)),
        *(_room(random, "L", number, "lab", 40) for number in range(LABS)),
        *(_room(random, "W", number, "workshop", 40) for number in range(WORKSHOPS)),
    ]
    groups = [
        Party(
            key=f"G{programme}.{number}", name=f"P{programme + 1:02}-{'ABCDEF'[number]}", max_daily=6, max_consecutive=5
        )
        for programme in range(PROGRAMMES)
        for number in range(GROUPS_EACH)
    ]
    trainers = [_trainer(random, number) for number in range(TRAINERS)]
    courses: list[Course] = []
    lessons: list[Lesson] = []
    for number, group in enumerate(groups):
        students = random.randint(25, 40)
        programme = number // GROUPS_EACH
        for course in range(THEORY_COURSES + PRACTICAL_COURSES):
            practical = course >= THEORY_COURSES
            key = f"{group.key}/{course}"
            title = f"{'Practice' if practical else 'Theory'} {course + 1}"
            courses.append(Course(key=key, name=title, min_days=1 if practical else THEORY_PERIODS))
            # A programme's trainers share its courses: 48 courses for 7 or 8 of them.
            first, last = programme * TRAINERS // PROGRAMMES, (programme + 1) * TRAINERS // PROGRAMMES
            turn = (number % GROUPS_EACH) * (THEORY_COURSES + PRACTICAL_COURSES) + course
            trainer = trainers[first + turn % (last - first)]
            lessons.extend(
                Lesson(
                    key=f"{key}#{count}",
                    course=key,
                    duration=PRACTICAL_PERIODS if practical else 1,
                    trainer=trainer.key,
                    groups=(group.key,),
                    students=students,
                    room_type=_room_type(programme) if practical else "classroom",
                )
                for count in range(1 if practical else THEORY_PERIODS)
            )
    days = range(DAYS)
    return Problem(
        grid=Grid(
            days=DAYS,
            periods_per_day=PERIODS,
            breaks=frozenset(Slot(day, 1) for day in days),
            lunch=frozenset(Slot(day, period) for day in days for period in LUNCH),
            day_names=DAY_NAMES,
        ),
        rooms=tuple(rooms),
        groups=tuple(groups),
        trainers=tuple(trainers),
        courses=tuple(courses),
        lessons=tuple(lessons),
        policy=COLLEGE,
    )


def _room_type(programme: int) -> str:
    return "workshop" if programme % 5 < 2 else "lab"


def _room(random: Random, letter: str, number: int, kind: str, capacity: int) -> Room:
    day = random.randrange(DAYS)
    closed = frozenset(Slot(day, period) for period in range(5, PERIODS)) if random.random() < 0.2 else frozenset()
    return Room(
        key=f"{letter}{number}", name=f"{letter}{number + 1:03}", capacity=capacity, type=kind, unavailable=closed
    )


def _trainer(random: Random, number: int) -> Party:
    away, liked = random.sample(range(DAYS), 2)
    return Party(
        key=f"T{number}",
        name=f"Trainer {number + 1}",
        unavailable=frozenset(Slot(away, period) for period in range(PERIODS)) if number % 4 == 0 else frozenset(),
        preferred=frozenset(Slot(day, period) for day in range(DAYS) for period in range(PERIODS) if day != liked)
        if number % 2
        else frozenset(),
        max_daily=7,
        max_consecutive=5,
    )
