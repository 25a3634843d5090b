"""A week as a file: read in one transaction, rendered in a thread after it."""

import asyncio
import enum
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hub.db.unit_of_work import UnitOfWork
from hub.school import queries as school_queries
from hub.school.models import SchoolLogo
from hub.timetable.schedule.calendar_file import MEDIA_TYPE as CALENDAR
from hub.timetable.schedule.calendar_file import render_calendar
from hub.timetable.schedule.feeds import FeedContent
from hub.timetable.schedule.page import Letterhead, render_pdf
from hub.timetable.schedule.sheet import render_xlsx
from hub.timetable.schedule.week import Week

_NOT_IN_FILE_NAMES = str.maketrans(dict.fromkeys('<>:"/\\|?*', "-"))


class FileFormat(enum.StrEnum):
    PDF = "pdf"
    XLSX = "xlsx"
    ICS = "ics"


MEDIA_TYPES = {
    FileFormat.PDF: "application/pdf",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.ICS: CALENDAR,
}


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    content: bytes
    name: str
    media_type: str


async def load_letterhead(uow: UnitOfWork) -> Letterhead:
    """Name, zone and logo of the school; SchoolNotFound before there is one."""
    school = await school_queries.get_school(uow)
    logo = await uow.session.scalar(select(SchoolLogo.content).where(SchoolLogo.school_id == school.id))
    return Letterhead(school.name, ZoneInfo(school.time_zone), logo or b"")


async def week_file(week: Week, letterhead: Letterhead, file_format: FileFormat, *, now: datetime) -> ScheduleFile:
    """The week as PDF or XLSX."""
    if file_format is FileFormat.PDF:
        content = await asyncio.to_thread(render_pdf, week, letterhead, printed=now)
    else:
        content = await asyncio.to_thread(render_xlsx, week, school=letterhead.school)
    return _file(content, f"{week.subject.name} {week.monday}", file_format)


async def calendar_of(content: FeedContent) -> ScheduleFile:
    """The lessons as an iCalendar file."""
    file = await asyncio.to_thread(render_calendar, content.series, name=content.name, zone=content.zone)
    return _file(file, content.name, FileFormat.ICS)


def _file(content: bytes, name: str, file_format: FileFormat) -> ScheduleFile:
    plain = name.translate(_NOT_IN_FILE_NAMES).strip()
    return ScheduleFile(content, f"{plain}.{file_format.value}", MEDIA_TYPES[file_format])
