import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from hub.timetable.rules import SessionType
from hub.timetable.schedule.page import Letterhead, render_pdf, week_text
from hub.timetable.schedule.week import FreeDay, Subject, SubjectKind
from tests.factories.lessons import GROUP, MONDAY, lesson, named, week

PRINTED = datetime(2026, 10, 16, 9, 30, tzinfo=UTC)
SCHOOL = Letterhead("Karen Technical", ZoneInfo("Africa/Nairobi"))
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4" fill="#1f4e78"/></svg>'
POINTS_OF_A4 = (841, 595)


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height in points of each page."""
    return [(int(page.mediabox.width), int(page.mediabox.height)) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    """The words of the file, as a reader other than its writer finds them."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_class_group_s_week_is_one_a4_page_across() -> None:
    pdf = render_pdf(week(lesson(1), lesson(3)), SCHOOL, printed=PRINTED)
    assert pages_of(pdf) == [POINTS_OF_A4]


def test_a_department_s_week_has_a_numbered_page_for_each_class_group() -> None:
    department = week(
        lesson(1),
        lesson(2, class_group=named("DIT-2025-B")),
        lesson(2, class_group=named("DIT-2024-C")),
        subject=Subject(SubjectKind.DEPARTMENT, GROUP.id, "Computing"),
    )
    pdf = render_pdf(department, SCHOOL, printed=PRINTED)
    assert pages_of(pdf) == [POINTS_OF_A4] * 3
    text = text_of(pdf)
    assert [f"Page {n} of 3" in text for n in (1, 2, 3)] == [True] * 3


def test_everything_a_reader_looks_for_is_on_the_page() -> None:
    one = week(
        lesson(1, "08:00", "10:00", session_type=SessionType.PRACTICAL),
        lesson(3, "10:30", "11:30", course_code="MAT110", room=named("Hall 3")),
        free_days=(FreeDay(MONDAY.replace(day=20), "Mashujaa Day"),),
    )
    text = text_of(render_pdf(one, Letterhead("Karen Technical", SCHOOL.zone, LOGO), printed=PRINTED))
    for words in (
        "Karen Technical", "DIT-2026-A", "Class group timetable", "19 – 25 October 2026", "2 lessons, 3 hours",
        "ICT101", "PRACTICAL", "08:00–10:00", "Programming", "B12", "Grace Wanjiru", "MAT110", "Hall 3", "Mon", "Fri",
        "Mashujaa Day", "Printed 2026-10-16 12:30", "Africa/Nairobi", "Page 1 of 1",
    ):  # fmt: skip
        assert words in text, words


def test_names_are_never_read_as_markup() -> None:
    title = '#panic("x") *a* $b$ <c>'
    text = text_of(render_pdf(week(lesson(1, course_title=title)), SCHOOL, printed=PRINTED))
    assert title in text


def test_a_week_without_lessons_says_so() -> None:
    assert "no lessons in this week" in text_of(render_pdf(week(), SCHOOL, printed=PRINTED))


@pytest.mark.parametrize(
    ("monday", "text"),
    [
        (date(2026, 1, 12), "12 – 18 January 2026"),
        (date(2026, 9, 28), "28 September – 4 October 2026"),
        (date(2025, 12, 29), "29 December 2025 – 4 January 2026"),
    ],
)
def test_a_week_is_named_by_its_first_and_last_day(monday: date, text: str) -> None:
    assert week_text(monday) == text
