"""What colleges teach: fields by faculty, and the subjects that a field's curriculum is made of."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FieldOfStudy:
    """`practical_room` is the type of room that its practicals need; twelve subjects, each taught up to three terms."""

    code: str
    name: str
    practical_room: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faculty:
    """A department with its fields."""

    code: str
    name: str
    fields: tuple[FieldOfStudy, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of study: `letter` begins a programme's code, `title` its name."""

    letter: str
    title: str
    name: str
    years: int


CERTIFICATE = Level("C", "Certificate in", "certificate", 1)
LEVELS = (
    Level("D", "Diploma in", "diploma", 3),
    Level("H", "Higher Diploma in", "higher diploma", 3),
    Level("B", "Bachelor of Technology in", "bachelor", 3),
)


@dataclass(frozen=True, slots=True)
class Subjects:
    """`common` are taught in every programme, one a term."""

    common: tuple[str, ...]
    faculties: tuple[Faculty, ...]


@cache
def subjects() -> Subjects:
    """What subjects.toml says."""
    found = tomllib.loads(files("provisioning.seed").joinpath("subjects.toml").read_text(encoding="utf-8"))
    return Subjects(
        tuple(found["common_subjects"]),
        tuple(
            Faculty(
                faculty["code"],
                faculty["name"],
                tuple(
                    FieldOfStudy(code, name, faculty["practical_room"], tuple(faculty["subjects"]))
                    for code, name in faculty["fields"].items()
                ),
            )
            for faculty in found["faculty"]
        ),
    )
