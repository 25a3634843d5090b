"""ITC-2007 curriculum-based course timetabling (track 3): its files, as the problem that the engine solves.

The format and the UD2 cost: Di Gaspero, McCollum, Schaerf, "The Second International Timetabling Competition
(ITC-2007): Curriculum-based Course Timetabling (Track 3)", 2007.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from hub.timetable.solver.policy import Policy, Rule
from hub.timetable.solver.problem import Course, Grid, Lesson, Party, Placement, Plan, Problem, Room, Slot

UD2 = Policy(
    hard=frozenset(),
    weights={
        Rule.ROOM_CAPACITY: 1,
        Rule.MIN_WORKING_DAYS: 5,
        Rule.GROUP_LONE_PERIOD: 2,
        Rule.ROOM_STABILITY: 1,
    },
)

WINNER_MEAN = {
    "comp01": 5.0,
    "comp02": 61.3,
    "comp03": 94.8,
    "comp04": 42.8,
    "comp05": 343.5,
    "comp06": 56.8,
    "comp07": 33.9,
}
"""Costs of the competition's winner (Müller, "ITC2007 solver description: a hybrid approach", 2009), means of runs."""


class MalformedInstance(Exception):
    """The file is not in the competition's format; the message names what is wrong."""


def read_instance(path: Path) -> Problem:
    """Lessons are keyed `<course>#<number>`. Raises MalformedInstance."""
    try:
        return _read(path.read_text(encoding="utf-8", errors="replace"))
    except (KeyError, IndexError, ValueError) as error:
        raise MalformedInstance(f"{path.name}: {error!r}") from error


def _read(text: str) -> Problem:
    header, sections = _sections(text)
    grid = Grid(days=int(header["Days"]), periods_per_day=int(header["Periods_per_day"]))
    unavailable: defaultdict[str, set[Slot]] = defaultdict(set)
    for course, day, period in sections["UNAVAILABILITY_CONSTRAINTS"]:
        unavailable[course].add(Slot(int(day), int(period)))
    curricula: defaultdict[str, list[str]] = defaultdict(list)
    for name, count, *courses in sections["CURRICULA"]:
        if len(courses) != int(count):
            raise ValueError(f"curriculum {name}: {count} courses announced, {len(courses)} there")
        for course in courses:
            curricula[course].append(name)
    return Problem(
        grid=grid,
        rooms=tuple(Room(key=key, name=key, capacity=int(seats)) for key, seats in sections["ROOMS"]),
        groups=tuple(Party(key=name, name=name) for name, *_ in sections["CURRICULA"]),
        trainers=tuple(Party(key=key, name=key) for key in sorted({row[1] for row in sections["COURSES"]})),
        courses=tuple(
            Course(key=key, name=key, min_days=int(min_days)) for key, _, _, min_days, _ in sections["COURSES"]
        ),
        lessons=tuple(
            Lesson(
                key=f"{course}#{number}",
                course=course,
                trainer=teacher,
                groups=tuple(dict.fromkeys(curricula[course])),
                students=int(students),
                unavailable=frozenset(unavailable[course]),
            )
            for course, teacher, lectures, _, students in sections["COURSES"]
            for number in range(int(lectures))
        ),
        policy=UD2,
    )


def _sections(text: str) -> tuple[dict[str, str], Mapping[str, list[list[str]]]]:
    header: dict[str, str] = {}
    sections: defaultdict[str, list[list[str]]] = defaultdict(list)
    section = ""
    for words in (line.split() for line in text.splitlines()):
        if not words or words[0] == "END.":
            continue
        if len(words) == 1 and words[0].endswith(":"):
            section = words[0].removesuffix(":")
        elif section:
            sections[section].append(words)
        else:
            header[words[0].removesuffix(":")] = " ".join(words[1:])
    for name, key in (("COURSES", "Courses"), ("ROOMS", "Rooms"), ("CURRICULA", "Curricula")):
        if len(sections[name]) != int(header[key]):
            raise ValueError(f"{key}: {header[key]} announced, {len(sections[name])} there")
    return header, sections


def write_solution(problem: Problem, plan: Plan, path: Path) -> None:
    """A line `course room day period` per placed lecture, in the order of the courses."""
    lines = [
        f"{lesson.course} {place.room} {place.day} {place.period}\n"
        for lesson in problem.lessons
        if (place := plan.placements.get(lesson.key)) is not None
    ]
    path.write_text("".join(lines), encoding="utf-8")


def read_solution(problem: Problem, path: Path) -> Plan:
    """Raises MalformedInstance on a line that is none, and on more lectures than a course has."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for lesson in reversed(problem.lessons):
        waiting[lesson.course].append(lesson.key)
    placements: dict[str, Placement] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match line.split():
            case [course, room, day, period] if waiting[course]:
                placements[waiting[course].pop()] = Placement(int(day), int(period), room)
            case _:
                raise MalformedInstance(f"{path.name}: {line!r}")
    return Plan(placements)
