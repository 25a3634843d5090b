"""The made-up college as plain values. The same size, seed and year give the same college on every machine."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, product

from provisioning.seed.names import Person, people
from provisioning.seed.subjects import CERTIFICATE, LEVELS, Faculty, FieldOfStudy, Level, subjects

TERMS_PER_YEAR = 3
_TERM_DAYS = 13 * 7
_CAMPUS = (-1.3184, 36.7085)  # degrees, WGS-84


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. A single programme takes one year, several take three; each year has two streams."""

    school: str
    code: str
    faculties: int
    programmes: int
    group_size: int
    trainers: int
    rooms: int


SIZES = {
    "small": Size("Karen Training Centre", "KTC", 1, 1, 30, 5, 6),
    "college": Size("Karen Technical College", "KTC", 5, 20, 50, 150, 80),
    "university": Size("Karen University", "KU", 10, 200, 50, 1500, 800),
}


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Course:
    """Hours are a week's. `prerequisites` are codes."""

    code: str
    title: str
    department: str
    theory_hours: int
    practical_hours: int
    practical_room: str
    prerequisites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurriculumLine:
    course: str
    year_of_study: int
    term: int
    elective: bool


@dataclass(frozen=True, slots=True)
class Programme:
    code: str
    name: str
    level: str
    department: str
    years: int
    curriculum: tuple[CurriculumLine, ...]


@dataclass(frozen=True, slots=True)
class ClassGroup:
    name: str
    programme: str
    intake_year: int
    stream: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Trainee:
    person: Person
    admission_number: str
    class_group: str
    birth_date: date


@dataclass(frozen=True, slots=True)
class Trainer:
    person: Person
    staff_number: str
    department: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class Room:
    code: str
    name: str
    building: str
    room_type: str
    capacity: int
    facilities: tuple[str, ...]
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Term:
    number: int
    start_date: date
    end_date: date


@dataclass(frozen=True, slots=True)
class College:
    name: str
    code: str
    start_date: date
    end_date: date
    terms: tuple[Term, ...]
    departments: tuple[Department, ...]
    programmes: tuple[Programme, ...]
    courses: tuple[Course, ...]
    class_groups: tuple[ClassGroup, ...]
    trainers: tuple[Trainer, ...]
    trainees: tuple[Trainee, ...]
    rooms: tuple[Room, ...]

    @property
    def year_name(self) -> str:
        return f"{self.start_date.year}/{self.end_date.year}"

    @property
    def enrolments(self) -> int:
        """How many enrolments the year has."""
        return sum(1 for group in self.class_groups for term in self.terms for _ in self.due(group, term.number))

    def due(self, group: ClassGroup, term: int) -> Iterator[CurriculumLine]:
        """What a class group takes in a term of this year."""
        programme = next(one for one in self.programmes if one.code == group.programme)
        year_of_study = self.start_date.year - group.intake_year + 1
        return (line for line in programme.curriculum if (line.year_of_study, line.term) == (year_of_study, term))


def make_college(size: Size, *, seed: int, start_year: int) -> College:
    """The college whose academic year starts in September of `start_year`."""
    dice = random.Random(f"{size.school} {seed}")  # noqa: S311 (made-up data, nothing secret)
    faculties = subjects().faculties[: size.faculties]
    levels = (CERTIFICATE,) if size.programmes == 1 else LEVELS
    offered = list(islice(_offers(faculties, levels), size.programmes))
    common = [
        Course(f"GEN{i}01", subject, _GENERAL.code, _COMMON_HOURS, 0, "", ())
        for i, subject in enumerate(subjects().common, 1)
    ]
    made = [_programme(faculty, field, level, common, dice) for faculty, field, level in offered]
    programmes = tuple(programme for programme, _ in made)
    courses = (*common, *(course for _, own in made for course in own))
    groups = tuple(
        ClassGroup(f"{programme.code}-{intake}{stream}", programme.code, intake, stream, size.group_size + 5)
        for programme in programmes
        for intake in range(start_year, start_year - programme.years, -1)
        for stream in _STREAMS
    )
    everyone = people(dice, domain="college.example")
    terms = tuple(_terms(start_year))
    return College(
        name=size.school,
        code=size.code,
        start_date=terms[0].start_date,
        end_date=date(start_year + 1, 8, 31),
        terms=terms,
        departments=(_GENERAL, *(Department(faculty.code, faculty.name) for faculty in faculties)),
        programmes=programmes,
        courses=courses,
        class_groups=groups,
        trainers=tuple(_trainers(size.trainers, programmes, courses, everyone)),
        trainees=tuple(_trainees(groups, size.group_size, everyone, dice)),
        rooms=tuple(_rooms(size.rooms, [field.practical_room for _, field, _ in offered], size.group_size + 10, dice)),
    )


_GENERAL = Department("GEN", "General Studies")
_STREAMS = ("A", "B")
_COMMON_HOURS = 3
_OWN_HOURS = 2  # of theory, and as many of practice


def _offers(faculties: Sequence[Faculty], levels: Sequence[Level]) -> Iterator[tuple[Faculty, FieldOfStudy, Level]]:
    # Faculty by faculty in turn, so that any number of programmes is spread evenly.
    for level in levels:
        for fields in zip(*(faculty.fields for faculty in faculties), strict=True):
            yield from ((faculty, field, level) for faculty, field in zip(faculties, fields, strict=True))


def _programme(
    faculty: Faculty, field: FieldOfStudy, level: Level, common: Sequence[Course], dice: random.Random
) -> tuple[Programme, list[Course]]:
    code = f"{level.letter}{field.code}"
    order = list(field.subjects)
    dice.shuffle(order)
    a_term = len(order) // TERMS_PER_YEAR
    courses: list[Course] = []
    lines: list[CurriculumLine] = []
    before: dict[str, str] = {}
    for year, term in product(range(1, level.years + 1), range(1, TERMS_PER_YEAR + 1)):
        # Each subject comes back a year later, one stage on, with the earlier stage as its prerequisite.
        for i, subject in enumerate(order[(term - 1) * a_term : term * a_term], 1):
            title = f"{subject} {'I' * year}" if level.years > 1 else subject
            needed = (before[subject],) if subject in before else ()
            course = Course(
                f"{code}{year}{term}0{i}", title, faculty.code, _OWN_HOURS, _OWN_HOURS, field.practical_room, needed
            )
            before[subject] = course.code
            courses.append(course)
            lines.append(CurriculumLine(course.code, year, term, elective=year > 1 and i == a_term))
        shared = common[(year - 1) * TERMS_PER_YEAR + term - 1]
        lines.append(CurriculumLine(shared.code, year, term, elective=False))
    name = f"{level.title} {field.name}"
    return Programme(code, name, level.name, faculty.code, level.years, tuple(lines)), courses


def _terms(start_year: int) -> Iterator[Term]:
    for number, (year, month) in enumerate(((start_year, 9), (start_year + 1, 1), (start_year + 1, 5)), 1):
        first = date(year, month, 1)
        monday = first + timedelta(days=-first.weekday() % 7)
        yield Term(number, monday, monday + timedelta(days=_TERM_DAYS - 1))


def _trainers(
    count: int, programmes: Sequence[Programme], courses: Sequence[Course], everyone: Iterator[Person]
) -> Iterator[Trainer]:
    by_code = {course.code: course for course in courses}
    taught = (by_code[line.course] for programme in programmes for line in programme.curriculum)
    hours: Counter[str] = Counter()
    for course in taught:
        hours[course.department] += course.theory_hours + course.practical_hours
    serial = 0
    for code, number in _apportion(count, hours).items():
        for i in range(number):
            serial += 1
            yield Trainer(next(everyone), f"S{serial:04d}", code, is_head=i == 0)


def _trainees(
    groups: Sequence[ClassGroup], size: int, everyone: Iterator[Person], dice: random.Random
) -> Iterator[Trainee]:
    for group in groups:
        for serial in range(1, size + 1):
            # 18 to 23 years old at the intake.
            born = date(group.intake_year - 18, 8, 31) - timedelta(days=dice.randrange(5 * 365))
            number = f"{group.programme}/{group.stream}{serial:03d}/{group.intake_year}"
            yield Trainee(next(everyone), number, group.name, born)


_ROOM_LETTERS = {
    "classroom": "C",
    "computer lab": "L",
    "workshop": "W",
    "laboratory": "B",
    "kitchen": "K",
    "studio": "S",
}
_FACILITIES = {
    "classroom": ("projector",),
    "computer lab": ("projector", "computers"),
    "workshop": ("tools", "ventilation"),
    "laboratory": ("sinks", "fume hood"),
    "kitchen": ("ovens", "ventilation"),
    "studio": ("cutting tables", "sewing machines"),
}


def _rooms(count: int, practical_rooms: Sequence[str], capacity: int, dice: random.Random) -> Iterator[Room]:
    hours: Counter[str] = Counter({"classroom": len(practical_rooms) * (_COMMON_HOURS + 4 * _OWN_HOURS)})
    for kind in practical_rooms:
        hours[kind] += 4 * _OWN_HOURS
    for kind, number in _apportion(count, hours).items():
        for i in range(1, number + 1):
            yield Room(
                code=f"{_ROOM_LETTERS[kind]}{i:03d}",
                name=f"{kind.capitalize()} {i}",
                building=f"Block {'ABCDEFGH'[(i - 1) % 8]}",
                room_type=kind,
                capacity=capacity,
                facilities=_FACILITIES[kind],
                latitude=round(_CAMPUS[0] + dice.uniform(-0.002, 0.002), 6),
                longitude=round(_CAMPUS[1] + dice.uniform(-0.002, 0.002), 6),
            )


def _apportion(count: int, shares: Mapping[str, int]) -> dict[str, int]:
    """`count` parted by the shares, largest remainder first (Hamilton's method); each gets at least one."""
    spare = count - len(shares)
    quotas = {name: spare * share / sum(shares.values()) for name, share in shares.items()}
    parts = {name: 1 + int(quota) for name, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda name: (int(quotas[name]) - quotas[name], name))
    for name in by_remainder[: count - sum(parts.values())]:
        parts[name] += 1
    return parts
