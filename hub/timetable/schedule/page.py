"""A week as a printable PDF: A4 landscape, a page for each class group of a department."""

import importlib.util
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from hub.timetable.rules import SessionType
from hub.timetable.schedule.week import Lesson, SubjectKind, Week, lanes

_TEMPLATE = Path(__file__).with_name("week.typ")
_KINDS = {
    SubjectKind.CLASS_GROUP: "Class group timetable",
    SubjectKind.TRAINER: "Trainer timetable",
    SubjectKind.ROOM: "Room timetable",
    SubjectKind.DEPARTMENT: "Department timetable",
    SubjectKind.PERSON: "Personal timetable",
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What a page says about the school. `logo` is an image file (PNG, JPEG or SVG); empty: none."""

    school: str
    zone: ZoneInfo
    logo: bytes = b""


def render_pdf(week: Week, letterhead: Letterhead, *, printed: datetime) -> bytes:
    """The PDF file; takes some tenths of a second of one core, so call it in a thread.

    Args:
        week: of any subject. Lessons at the same time share their day's row in lanes.
        letterhead: of the school.
        printed: aware instant of the printing, shown in the footer.
    """
    pages = [_page(one) for one in week.by_class_group()]
    minutes = {minute for page in pages for minute in page["hours"]}
    data = {
        "title": f"{week.subject.name}, {week_text(week.monday)}",
        "school": letterhead.school,
        "logo": list(letterhead.logo),
        "note": f"Printed {printed.astimezone(letterhead.zone):%Y-%m-%d %H:%M}; times of {letterhead.zone.key}",
        "clock": {str(minute): f"{minute // 60:02}:{minute % 60:02}" for minute in sorted(minutes)},
        "pages": pages,
    }
    pdf: bytes = typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data)},
        timestamp=int(printed.timestamp()),
    )
    return pdf


def week_text(monday: date) -> str:
    """The week's days for people: "12 – 18 January 2026"."""
    sunday = monday + timedelta(days=6)
    first = f"{monday.day}"
    if monday.month != sunday.month:
        first += f" {monday:%B}"
    if monday.year != sunday.year:
        first += f" {monday.year}"
    return f"{first} – {sunday.day} {sunday:%B %Y}"


def _page(week: Week) -> dict[str, Any]:
    first, last = (_minute(at) for at in week.hours)
    codes = sorted({lesson.course_code for lesson in week.lessons})
    colours = {code: i for i, code in enumerate(codes)}
    return {
        "title": week.subject.name,
        "kind": _KINDS[week.subject.kind],
        "detail": _detail(week),
        "week": week_text(week.monday),
        "from": first,
        "to": last,
        "hours": list(range(first, last + 1, 60)),
        "days": [_day(week, day, colours) for day in week.days],
    }


def _detail(week: Week) -> str:
    if not week.lessons:
        return "no lessons in this week"
    hours = sum((lesson.length for lesson in week.lessons), timedelta(0)) / timedelta(hours=1)
    count = len(week.lessons)
    return f"{count} lesson{'' if count == 1 else 's'}, {hours:g} hours"


def _day(week: Week, day: date, colours: dict[str, int]) -> dict[str, Any]:
    free = week.free_day(day)
    lessons = week.lessons_on(day)
    return {
        "name": f"{day:%A}"[:3],
        "date": f"{day.day} {day:%b}",
        "free": free.name if free and not lessons else "",
        "breaks": [
            {"from": _minute(one.start), "to": _minute(one.end), "name": one.name}
            for one in week.breaks
            if one.weekday == day.isoweekday()
        ],
        "lanes": [[_lesson(one, week.subject.kind, colours) for one in lane] for lane in lanes(lessons)],
    }


def _lesson(lesson: Lesson, kind: SubjectKind, colours: dict[str, int]) -> dict[str, Any]:
    return {
        "from": _minute(lesson.start),
        "to": _minute(lesson.end),
        "time": f"{lesson.start:%H:%M}–{lesson.end:%H:%M}",
        "code": lesson.course_code,
        "title": lesson.course_title,
        "practical": lesson.session_type is SessionType.PRACTICAL,
        "parts": parts_of(lesson, kind),
        "colour": colours[lesson.course_code],
    }


def parts_of(lesson: Lesson, kind: SubjectKind) -> list[str]:
    """Where, for whom and with whom, without what the week's subject says already; the most wanted first."""
    parts = {
        SubjectKind.ROOM: lesson.room.name,
        SubjectKind.CLASS_GROUP: lesson.class_group.name,
        SubjectKind.TRAINER: lesson.trainer.name,
    }
    return [text for about, text in parts.items() if about is not kind]


def _minute(at: time) -> int:
    # The last minute of a day stands for its end, so that a grid may reach midnight.
    return 24 * 60 if at == time(23, 59) else at.hour * 60 + at.minute


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the wheel and, for scripts that it lacks, those of the machine."""
    return typst.Fonts(include_system_fonts=True, font_paths=_font_folders())


def _font_folders() -> list[str]:
    # Found without importing the package, which would look at every file of it.
    spec = importlib.util.find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise RuntimeError("font-source-sans-pro is not installed: install the hub's extra")
    return [str(Path(spec.origin).parent / "files")]
