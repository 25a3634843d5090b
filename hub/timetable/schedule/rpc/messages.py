"""Weeks, files and feeds as messages."""

from hub.rpc.fields import to_date, to_timestamp
from hub.timetable.models import TimetableFeed
from hub.timetable.schedule.feeds import subject_of
from hub.timetable.schedule.files import ScheduleFile
from hub.timetable.schedule.week import Break, FreeDay, Lesson, SubjectKind, Week
from smartroster.timetable.v1 import schedule_pb2 as pb


def week_to_proto(week: Week) -> pb.WeeklySchedule:
    return pb.WeeklySchedule(
        subject_name=week.subject.name,
        start_date=to_date(week.monday),
        lessons=map(_lesson_to_proto, week.lessons),
        free_days=map(_free_day_to_proto, week.free_days),
        breaks=map(_break_to_proto, week.breaks),
    )


def file_to_proto(file: ScheduleFile) -> pb.ScheduleFile:
    return pb.ScheduleFile(content=file.content, file_name=file.name, media_type=file.media_type)


def feed_to_proto(feed: TimetableFeed, subject_name: str, url: str = "") -> pb.Feed:
    """`url` is known only when the feed was just given it."""
    subject = subject_of(feed)
    message = pb.Feed(
        id=str(feed.id),
        subject_name=subject_name,
        owner_id=str(feed.owner_id),
        url=url,
        create_time=to_timestamp(feed.create_time),
        update_time=to_timestamp(feed.update_time),
    )
    match subject.kind:
        case SubjectKind.CLASS_GROUP:
            message.class_group_id = str(subject.id)
        case SubjectKind.ROOM:
            message.room_id = str(subject.id)
        case _:
            message.person_id = str(subject.id)
    return message


def _lesson_to_proto(lesson: Lesson) -> pb.ScheduledLesson:
    return pb.ScheduledLesson(
        timetable_entry_id=str(lesson.entry_id),
        lesson_id=str(lesson.lesson_id),
        enrolment_id=str(lesson.enrolment_id),
        date=to_date(lesson.day),
        start_time_of_day=f"{lesson.start:%H:%M}",
        end_time_of_day=f"{lesson.end:%H:%M}",
        session_type=f"SESSION_TYPE_{lesson.session_type.name}",
        kind=f"KIND_{lesson.kind.name}",
        course_id=str(lesson.course_id),
        course_code=lesson.course_code,
        course_title=lesson.course_title,
        class_group_id=str(lesson.class_group.id),
        class_group_name=lesson.class_group.name,
        trainer_id=str(lesson.trainer.id),
        trainer_name=lesson.trainer.name,
        room_id=str(lesson.room.id),
        room_code=lesson.room.name,
    )


def _free_day_to_proto(free: FreeDay) -> pb.FreeDay:
    return pb.FreeDay(
        date=to_date(free.day), name=free.name, class_group_id=str(free.class_group_id) if free.class_group_id else ""
    )


def _break_to_proto(pause: Break) -> pb.BreakTime:
    return pb.BreakTime(
        weekday=pause.weekday,
        start_time_of_day=f"{pause.start:%H:%M}",
        end_time_of_day=f"{pause.end:%H:%M}",
        name=pause.name,
    )
