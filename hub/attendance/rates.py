"""Attendance rates, defined once. Pure: counts of records of sessions held go in, and come out as rates."""

from dataclasses import dataclass
from typing import Final

# A trainee who was absent for any reason in this share of the sessions held is chronically absent.
CHRONIC_ABSENCE_PERCENT: Final = 10

DEFINITIONS: Final = {
    "attendance": "(PRESENT + LATE) / (sessions held for which the trainee was a member − EXCUSED)",
    "attendance_excused_as_absent": "(PRESENT + LATE) / sessions held for which the trainee was a member",
    "punctuality": "PRESENT / (PRESENT + LATE)",
    "best_possible": "attendance if every session still planned up to the term's end is attended",
    "chronically_absent": f"absent for any reason in {CHRONIC_ABSENCE_PERCENT} % of the sessions held or more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Records of sessions held, by state: one a trainee and session. Tallies of several subjects add up."""

    present: int = 0
    late: int = 0
    absent: int = 0
    excused: int = 0

    @property
    def attended(self) -> int:
        return self.present + self.late

    @property
    def expected(self) -> int:
        """Sessions held for which the trainees were members, each counted for each of them."""
        return self.attended + self.absent + self.excused

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            present=self.present + other.present,
            late=self.late + other.late,
            absent=self.absent + other.absent,
            excused=self.excused + other.excused,
        )


@dataclass(frozen=True, slots=True)
class Rates:
    """Each from 0 to 1, None where its denominator is 0."""

    attendance: float | None
    attendance_excused_as_absent: float | None
    punctuality: float | None
    best_possible: float | None


def rates_of(tally: Tally, *, remaining: int = 0) -> Rates:
    """The rates of a tally; `remaining` are the records that sessions still planned will make."""
    counted = tally.expected - tally.excused
    return Rates(
        attendance=_share(tally.attended, counted),
        attendance_excused_as_absent=_share(tally.attended, tally.expected),
        punctuality=_share(tally.present, tally.attended),
        best_possible=_share(tally.attended + remaining, counted + remaining),
    )


def is_chronically_absent(tally: Tally) -> bool:
    """Whether a trainee with this tally is; nobody is before the first session was held."""
    return tally.expected > 0 and (tally.absent + tally.excused) * 100 >= CHRONIC_ABSENCE_PERCENT * tally.expected


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
