"""A college of two departments with a published plan: what each caller reads of it is known by heart."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from hub.db.database import Database
from hub.db.principal import Principal
from hub.db.unit_of_work import UnitOfWork
from hub.rpc.permissions import ADMIN, HOD, TRAINEE, TRAINER, Scope, scope_of
from hub.school.rules import Period
from hub.timetable.models import TimetableEntry
from hub.timetable.rules import EntryKind, SessionType, Slot
from hub.timetable.schedule.feeds import CREATE
from hub.timetable.service import EntryDraft, create_entry, publish
from tests.factories.courses import make_course, make_enrolment
from tests.factories.school import make_class_group, make_department, make_programme, make_school, make_term
from tests.factories.timetable import make_room
from tests.factories.users import make_admin, make_hod, make_trainee, make_trainer
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow

BERLIN = ZoneInfo("Europe/Berlin")
TERM = Period(date(2026, 3, 2), date(2026, 5, 29))  # the clocks go forward on 29 March
MONDAY = date(2026, 3, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Class groups `a` and `b` are of `ict`, `c` is of `arts`; `ann` teaches `a`, `bob` teaches `a` and `b`, `cyd` `c`.

    In the plan: ann's `maths` of a on Mondays at 8, bob's `nets` of a on Mondays at 10 and of b on Tuesdays at 8, in
    B1, and cyd's `song` of c on Mondays at 8 in B2.
    """

    term_id: UUID
    ict: UUID
    arts: UUID
    a: UUID
    b: UUID
    c: UUID
    ann: UUID
    bob: UUID
    cyd: UUID
    hod: UUID
    admin: UUID
    trainee: UUID
    b1: UUID
    b2: UUID
    maths: UUID
    nets_a: UUID
    nets_b: UUID
    song: UUID

    def scope(self, person: str) -> Scope:
        """As whom an RPC with everybody in its line is called."""
        role = {"admin": ADMIN, "hod": HOD, "trainee": TRAINEE}.get(person, TRAINER)
        return scope_of(Principal("user", getattr(self, person), frozenset({role})), CREATE)


@pytest.fixture
async def plan(make_uow: MakeUow, clock: FakeClock) -> Plan:
    clock.set(datetime(2026, 2, 25, 12, tzinfo=BERLIN))
    async with make_uow() as uow:
        found = await found_college(uow)
    async with make_uow() as uow:
        await add_line(uow, found.maths, found.b1, weekly(1, "08:00", "10:00"))
        await add_line(uow, found.nets_a, found.b1, weekly(1, "10:00", "12:00"), practical=True)
        await add_line(uow, found.nets_b, found.b1, weekly(2, "08:00", "10:00"))
        await add_line(uow, found.song, found.b2, weekly(1, "08:00", "10:00"))
        await publish(uow, term_id=found.term_id)
    clock.set(datetime(2026, 3, 18, 12, tzinfo=BERLIN))
    return found


async def found_college(uow: UnitOfWork) -> Plan:
    await make_school(uow, name="Kisima Technical", time_zone="Europe/Berlin")
    term = await make_term(uow, period=TERM)
    ict, arts = await make_department(uow, name="Computing"), await make_department(uow, name="Arts")
    people: dict[str, Any] = {}
    groups: dict[str, UUID] = {}
    for name, department in (("a", ict), ("b", ict), ("c", arts)):
        programme = await make_programme(uow, department_id=department.id, code=f"P{name}")
        groups[name] = (await make_class_group(uow, programme_id=programme.id, name=f"Group {name}")).id
    for name, department in (("ann", ict), ("bob", ict), ("cyd", arts)):
        people[name] = await make_trainer(uow, department_id=department.id, given_name=name.title(), family_name="T")
    people["hod"] = await make_hod(uow, department_id=ict.id, given_name="Hod", family_name="T")
    people["admin"] = await make_admin(uow)
    people["trainee"] = await make_trainee(uow, class_group_id=groups["a"], given_name="Zuhura", family_name="Secret")
    enrolments: dict[str, UUID] = {}
    for name, group, trainer, department in (
        ("maths", "a", "ann", ict),
        ("nets_a", "a", "bob", ict),
        ("nets_b", "b", "bob", ict),
        ("song", "c", "cyd", arts),
    ):
        course = await make_course(uow, department_id=department.id, code=name.upper(), title=name.title())
        enrolment = await make_enrolment(
            uow, class_group_id=groups[group], course_id=course.id, term_id=term.id, trainer_id=people[trainer].id
        )
        enrolments[name] = enrolment.id
    return Plan(
        term_id=term.id,
        ict=ict.id,
        arts=arts.id,
        **groups,
        **{name: user.id for name, user in people.items()},
        b1=(await make_room(uow, code="B1")).id,
        b2=(await make_room(uow, code="B2")).id,
        **enrolments,
    )


def weekly(weekday: int, start: str, end: str, period: Period = TERM) -> Slot:
    return Slot(weekday, time.fromisoformat(start), time.fromisoformat(end), period.first, period.last)


async def add_line(
    uow: UnitOfWork,
    enrolment_id: UUID,
    room_id: UUID,
    slot: Slot,
    *,
    practical: bool = False,
    kind: EntryKind = EntryKind.RECURRING,
) -> TimetableEntry:
    entry, _ = await create_entry(
        uow,
        draft=EntryDraft(
            enrolment_id=enrolment_id,
            room_id=room_id,
            session_type=SessionType.PRACTICAL if practical else SessionType.THEORY,
            kind=kind,
            slot=slot,
        ),
    )
    return entry


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that the block sends; what begins and ends transactions is not among them."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0].upper() not in {"BEGIN", "COMMIT", "ROLLBACK", "SET", "PRAGMA"}:
            sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
