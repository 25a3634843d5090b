"""Calendar feeds: made, given another address, taken back, and read by whoever knows the address."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import Reach, RoleNotAllowed, Scope, scope_of
from hub.school import queries as school_queries
from hub.school.models import ClassGroup, Term
from hub.timetable import queries
from hub.timetable.models import CalendarChange, Room, TimetableEntry, TimetableFeed, TimetableVersion
from hub.timetable.schedule import lines
from hub.timetable.schedule.calendar_file import Series
from hub.timetable.schedule.errors import FeedNotFound, FeedSubjectNotFound, TooManyFeeds
from hub.timetable.schedule.person import load_expectation
from hub.timetable.schedule.series import DayChange, PublishedVersion, feed_window, series_of
from hub.timetable.schedule.week import SubjectKind
from hub.users import queries as users_queries
from hub.users.models import User, UserRole
from hub.users.rules import UserState
from hub.users.tokens import new_secret, secret_hash

CREATE = "/smartroster.timetable.v1.ScheduleService/CreateFeed"
MOST_FEEDS = 20
_YEAR = timedelta(days=366)  # a term that reaches into the window may begin and end as far outside of it
_COLUMNS = {
    SubjectKind.PERSON: "person_id",
    SubjectKind.CLASS_GROUP: "class_group_id",
    SubjectKind.ROOM: "room_id",
}


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed is about: a person, a class group or a room."""

    kind: SubjectKind
    id: UUID


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What a calendar file is made of, with a name that names no trainee."""

    name: str
    zone: ZoneInfo
    series: list[Series]


def subject_of(feed: TimetableFeed) -> FeedSubject:
    """What the feed is about."""
    for kind, column in _COLUMNS.items():
        if subject_id := getattr(feed, column):
            return FeedSubject(kind, subject_id)
    raise ValueError(f"feed {feed.id} is about nothing")


async def create_feed(uow: UnitOfWork, *, scope: Scope, subject: FeedSubject) -> tuple[TimetableFeed, str]:
    """A feed of the caller's, and the secret of its address, which is not told again.

    Raises:
        FeedSubjectNotFound: there is nothing such, or the caller may not read all of its timetable.
        TooManyFeeds: the caller has as many as there may be.
    """
    owner_id = owner_of(scope)
    today = await school_queries.today(uow)
    if await _name_of(uow, scope, subject, today) is None:
        raise FeedSubjectNotFound(
            "There is nothing such, or you may not read its whole timetable: a feed would show it."
        )
    count = await uow.session.scalar(
        select(func.count()).select_from(TimetableFeed).where(TimetableFeed.owner_id == owner_id)
    )
    if (count or 0) >= MOST_FEEDS:
        raise TooManyFeeds(f"You have {MOST_FEEDS} feeds, as many as there may be: revoke one that nobody reads.")
    token, token_hash = new_secret()
    feed = TimetableFeed(token_hash=token_hash, owner_id=owner_id, **{_COLUMNS[subject.kind]: subject.id})
    uow.session.add(feed)
    await uow.session.flush()
    uow.audit("timetable.create_feed", object_type="timetable_feed", object_id=feed.id, after=_values(feed))
    return feed, token


async def rotate_feed(uow: UnitOfWork, *, scope: Scope, feed_id: UUID) -> tuple[TimetableFeed, str]:
    """Another address for the feed; the one before answers no more. FeedNotFound for one that is not the caller's."""
    feed = await _own(uow, scope, feed_id)
    token, feed.token_hash = new_secret()
    await uow.session.flush()
    uow.audit("timetable.rotate_feed", object_type="timetable_feed", object_id=feed.id)
    return feed, token


async def revoke_feed(uow: UnitOfWork, *, scope: Scope, feed_id: UUID) -> TimetableFeed:
    """The feed is gone: its address answers no more. FeedNotFound for one that is not the caller's."""
    feed = await _own(uow, scope, feed_id)
    await uow.session.delete(feed)
    await uow.session.flush()
    uow.audit("timetable.revoke_feed", object_type="timetable_feed", object_id=feed.id, before=_values(feed))
    return feed


def select_feeds(scope: Scope) -> Select[TimetableFeed]:
    """The caller's own feeds; for who sees the whole school, everybody's."""
    query: Select[TimetableFeed] = select(TimetableFeed)
    return query if scope.everything else query.where(TimetableFeed.owner_id == scope.principal.id)


async def read_feed(uow: UnitOfWork, *, token: str, site: str) -> FeedContent:
    """What the feed shows now, in a constant number of queries.

    Raises:
        FeedNotFound: no feed has this address, its owner is not active, or the owner may not read it any more.
    """
    feed = await uow.session.scalar(
        select(TimetableFeed)
        .join(User, User.id == TimetableFeed.owner_id)
        .where(TimetableFeed.token_hash == secret_hash(token), User.state == UserState.ACTIVE)
    )
    if feed is None:
        raise _no_feed()
    try:
        scope = await _owner_scope(uow, feed.owner_id)
        return await read_content(uow, scope=scope, subject=subject_of(feed), site=site)
    except (RoleNotAllowed, FeedSubjectNotFound):
        raise _no_feed() from None


async def read_content(uow: UnitOfWork, *, scope: Scope, subject: FeedSubject, site: str) -> FeedContent:
    """What a calendar of the subject shows now, in a constant number of queries.

    Raises:
        FeedSubjectNotFound: there is nothing such, or the caller may not read all of its timetable.
    """
    school = await school_queries.get_school(uow)
    zone = ZoneInfo(school.time_zone)
    today = uow.now.astimezone(zone).date()
    name = await _name_of(uow, scope, subject, today)
    if name is None:
        raise _no_subject()
    first, last = feed_window(today)
    condition: ColumnElement[bool] = TimetableEntry.room_id == subject.id
    holds: lines.Holds = lines.always
    if subject.kind is SubjectKind.CLASS_GROUP:
        condition = TimetableEntry.class_group_id == subject.id
    elif subject.kind is SubjectKind.PERSON:
        expectation = await load_expectation(uow, subject.id, first=first, last=last)
        condition, holds = expectation.condition, expectation.holds
        name = "Timetable"  # a calendar's name travels far: it names no trainee
    versions = await _versions(uow, first=first, last=last)
    found = await lines.load_lines(
        uow,
        lines.select_line_history().where(
            condition, TimetableEntry.version_id.in_({version.id for version in versions})
        ),
    )
    free_days = await lines.load_free_days(uow, first=first - _YEAR, last=last + _YEAR)
    return FeedContent(
        name=f"{name}, {school.name}",
        zone=zone,
        series=series_of(
            found,
            versions,
            free_days=free_days,
            day_changes=await _day_changes(uow, versions, {line.class_group.id for line in found}),
            zone=zone,
            site=site,
            holds=holds,
        ),
    )


async def _versions(uow: UnitOfWork, *, first: date, last: date) -> list[PublishedVersion]:
    """All published versions of the terms that reach into the days from first to last."""
    rows = await uow.session.execute(
        select(TimetableVersion, Term)
        .join(Term, Term.id == TimetableVersion.term_id)
        .where(Term.end_date >= first, Term.start_date <= last, TimetableVersion.effective_date.is_not(None))
    )
    return [
        PublishedVersion(
            one.id,
            one.term_id,
            term.period,
            one.number,
            one.effective_date,
            one.end_date,
            one.publish_time or one.update_time,
        )
        for one, term in rows
        if one.effective_date is not None
    ]


async def _day_changes(
    uow: UnitOfWork, versions: Collection[PublishedVersion], class_group_ids: Collection[UUID]
) -> list[DayChange]:
    """The changes of calendar days in the terms of the versions, for the school and for the class groups."""
    if not versions:
        return []
    rows = await uow.session.execute(
        select(CalendarChange.day, CalendarChange.class_group_id, CalendarChange.change_time).where(
            CalendarChange.day >= min(one.term.first for one in versions),
            CalendarChange.day <= max(one.term.last for one in versions),
            or_(CalendarChange.class_group_id.is_(None), CalendarChange.class_group_id.in_(class_group_ids)),
        )
    )
    return [DayChange(day, group_id, time) for day, group_id, time in rows]


async def _name_of(uow: UnitOfWork, scope: Scope, subject: FeedSubject, today: date) -> str | None:
    """What the subject is called, if the caller may read its whole timetable."""
    rights: list[ColumnElement[bool]] = [true()] if scope.everything else []
    match subject.kind:
        case SubjectKind.CLASS_GROUP:
            rights.append(ClassGroup.id.in_(lines.groups_read(scope, first=today, last=feed_window(today)[1])))
            query = select(ClassGroup.name).where(ClassGroup.id == subject.id, or_(*rights))
            return await uow.session.scalar(query)
        case SubjectKind.PERSON:
            rights.append(User.id == scope.principal.id)
            if Reach.DEPARTMENT in scope:
                rights.append(User.id.in_(lines.trainers_below_head(scope.principal.id)))
            person = (
                await uow.session.execute(
                    select(User.given_name, User.family_name).where(User.id == subject.id, or_(*rights))
                )
            ).one_or_none()
            return None if person is None else f"{person.given_name} {person.family_name}"
        case SubjectKind.ROOM if scope.everything:
            return await uow.session.scalar(select(Room.code).where(Room.id == subject.id))
    return None


async def _owner_scope(uow: UnitOfWork, owner_id: UUID) -> Scope:
    """How far the owner sees now, by the roles of today; RoleNotAllowed when none of them has feeds."""
    roles = await uow.session.scalars(select(UserRole.role).where(UserRole.user_id == owner_id))
    return scope_of(Principal("user", owner_id, frozenset(map(str, roles))), CREATE)


async def _own(uow: UnitOfWork, scope: Scope, feed_id: UUID) -> TimetableFeed:
    feed = await uow.session.scalar(select_feeds(scope).where(TimetableFeed.id == feed_id))
    if feed is None:
        raise FeedNotFound(f"There is no feed {feed_id}, or it is not yours: list them to find the right id.")
    return feed


def owner_of(scope: Scope) -> UUID:
    """The person who asks; FeedSubjectNotFound when it is none."""
    if scope.principal.id is None:
        raise FeedSubjectNotFound("Only people have feeds.")
    return scope.principal.id


def _values(feed: TimetableFeed) -> dict[str, object]:
    return {"owner_id": feed.owner_id, **{column: getattr(feed, column) for column in _COLUMNS.values()}}


def _no_subject() -> FeedSubjectNotFound:
    return FeedSubjectNotFound("There is nothing such, or you may not read its whole timetable, which this would show.")


def _no_feed() -> FeedNotFound:
    return FeedNotFound("There is no such calendar: make a new address and give it to your calendar program.")


async def subject_names(uow: UnitOfWork, feeds: Iterable[TimetableFeed]) -> dict[UUID, str]:
    """What people call the subject of each of the feeds, by the subject's id, in three queries."""
    subjects = [subject_of(feed) for feed in feeds]
    ids = {kind: {one.id for one in subjects if one.kind is kind} for kind in _COLUMNS}
    groups = await school_queries.class_groups_by_ids(uow, ids[SubjectKind.CLASS_GROUP])
    rooms = await queries.rooms_by_ids(uow, ids[SubjectKind.ROOM])
    people = await users_queries.display_names(uow, ids[SubjectKind.PERSON])
    return {
        **people,
        **{group.id: group.name for group in groups.values()},
        **{room.id: room.code for room in rooms.values()},
    }
