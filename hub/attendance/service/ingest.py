"""What doors report: each fact stored once, judged by its capture time, and brought into the register.

One call is one transaction: all facts of a message and what follows from them, or nothing. The number of statements
does not depend on the number of facts that are accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from hub.attendance import events, queries, rules
from hub.attendance.bulk import insert_rows
from hub.attendance.models import AttendanceSession, DeviceMove, DoorFact, SchoolPolicy
from hub.attendance.policy import Policy
from hub.attendance.rules import (
    ClockReading,
    Door,
    FactKind,
    Judgement,
    Person,
    RejectionReason,
    SessionState,
    SessionView,
    Sighting,
    Verdict,
)
from hub.attendance.service import lifecycle
from hub.attendance.service.known import Answer, Fact, Malformed, Outcome, find_known
from hub.attendance.service.register import Line, Register
from hub.db.unit_of_work import UnitOfWork
from hub.devices import service as devices_service
from hub.devices.models import Device
from hub.faces.queries import consent_withdrawn_before
from hub.timetable.geofencing import fence_of
from hub.timetable.models import Room
from hub.users.models import User
from hub.users.rules import UserState
from presence.geofence import Fence


@dataclass(slots=True)
class Taken:
    """`session_ids` are the sessions whose register or state changed."""

    answers: list[Answer]
    session_ids: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Judged:
    fact: Fact
    at: datetime | None
    verdict: Verdict | None


async def ingest(
    uow: UnitOfWork,
    *,
    device_id: UUID,
    items: Sequence[Fact | Malformed],
    sent: ClockReading | None,
    complete_until: datetime | None,
) -> Taken:
    """Store and judge a message of a device; answers each item in order.

    `sent` are the device's clocks when it sent the message. Everything that it captured before `complete_until` was
    answered by the hub.
    """
    answers: dict[int, Answer] = {}
    fresh: dict[int, Fact] = {}
    known = await find_known(uow, device_id, [item for item in items if isinstance(item, Fact)])
    for i, item in enumerate(items):
        if isinstance(item, Malformed):
            answers[i] = Answer(item.event_id, Outcome.REFUSED, message=item.message)
            continue
        repeated = known.answer(item)
        if repeated is not None:
            answers[i] = repeated
            continue
        fresh[i] = item
        known.add(item)
    batch = _Batch(uow, device_id)
    if fresh:
        judged = await batch.take(list(fresh.values()), sent)
        answers |= {i: _stored(judged[fact.event_id]) for i, fact in fresh.items()}
    for i, answer in answers.items():
        first = answer.outcome is Outcome.DUPLICATE and next(
            (f for f in fresh.values() if str(f.event_id) == answer.event_id), None
        )
        if first:
            original = judged[first.event_id]
            answers[i] = _stored(original, Outcome.DUPLICATE)
    if complete_until is not None:
        await devices_service.record_watermark(uow, device_id=device_id, time=min(complete_until, uow.now))
    return Taken([answers[i] for i in range(len(items))], batch.touched)


def _stored(judged: _Judged, outcome: Outcome = Outcome.STORED) -> Answer:
    verdict = judged.verdict
    if verdict is None:
        return Answer(str(judged.fact.event_id), outcome)
    return Answer(
        str(judged.fact.event_id),
        outcome,
        verdict.judgement,
        verdict.reason,
        None if verdict.session is None else verdict.session.session_id,
    )


class _Batch:
    """New facts of one device, judged together in the order of their capture."""

    def __init__(self, uow: UnitOfWork, device_id: UUID) -> None:
        self._uow = uow
        self._device_id = device_id
        self._register = Register(uow)
        self._rooms: dict[UUID, Room] = {}
        self._fences: dict[UUID, Fence] = {}
        self._sessions: dict[UUID, AttendanceSession] = {}
        self._views: dict[UUID, SessionView] = {}
        self._expected: dict[UUID, frozenset[UUID]] = {}
        self._policy = Policy()
        self.touched: set[UUID] = set()

    async def take(self, facts: Sequence[Fact], sent: ClockReading | None) -> Mapping[UUID, _Judged]:
        arrival = self._uow.now
        judged = [_Judged(fact, rules.capture_time(fact.captured, sent, arrival), None) for fact in facts]
        judged.sort(key=lambda item: (item.at or arrival, item.fact.sequence))
        room_at = await self._room_at([item.at for item in judged if item.at is not None])
        await self._load_sessions([item.at for item in judged if item.at is not None])
        people = await self._load_people(judged)
        for item in judged:
            room = self._rooms[room_at(item.at or arrival)]
            if item.fact.kind is FactKind.CHECK_IN:
                await self._judge(item, room, people, judged)
            else:
                await self._note(item, room)
        changed = await self._register.store()
        await insert_rows(self._uow.session, DoorFact, [self._row(item) for item in judged])
        await self._tell(changed)
        return {item.fact.event_id: item for item in judged}

    async def _room_at(self, times: Sequence[datetime]) -> Any:  # noqa: ANN401 (a function of an instant)
        """In which room the device stood when."""
        session = self._uow.session
        since = min(times, default=self._uow.now)
        moved = (DeviceMove.device_id == self._device_id, DeviceMove.moved_time > since)
        row = (
            await session.execute(
                select(Device.room_id, Room, exists().where(*moved).label("moved"), SchoolPolicy.policy)
                .join(Room, Room.id == Device.room_id)
                .outerjoin(SchoolPolicy, SchoolPolicy.id == 1)
                .where(Device.id == self._device_id)
            )
        ).one()
        self._rooms[row.room_id] = row.Room
        if row.policy is not None:
            self._policy = Policy.from_json(row.policy)
        moves = []
        if row.moved:
            found = await session.execute(
                select(DeviceMove.moved_time, Room)
                .join(Room, Room.id == DeviceMove.from_room_id)
                .where(*moved)
                .order_by(DeviceMove.moved_time)
            )
            moves = [(moved_time, room) for moved_time, room in found]
        self._rooms |= {room.id: room for _, room in moves}
        self._fences = {room.id: fence_of(room) for room in self._rooms.values()}
        current: UUID = row.room_id

        def room_at(at: datetime) -> UUID:
            return next((room.id for moved_time, room in moves if at < moved_time), current)

        return room_at

    async def _load_sessions(self, times: Sequence[datetime]) -> None:
        if not times:
            return
        for session in await queries.sessions_in_rooms(
            self._uow, self._rooms, start=min(times) - rules.NEAR, end=max(times) + rules.NEAR, lock=True
        ):
            self._sessions[session.id] = session
            self._views[session.id] = queries.view_of(session, self._policy)

    async def _load_people(self, judged: Sequence[_Judged]) -> Mapping[UUID, Person]:
        ids = {item.fact.person_id for item in judged if item.fact.kind is FactKind.CHECK_IN} - {None}
        person_ids = [person_id for person_id in ids if person_id is not None]
        if not person_ids:
            return {}
        uow = self._uow
        rows = await uow.session.execute(select(User.id, User.state).where(User.id.in_(person_ids)))
        states = {user_id: state for user_id, state in rows}  # noqa: C416 (a Result is no sequence of pairs to mypy)
        withdrawn = await consent_withdrawn_before(uow, person_ids)
        await self._register.load(self._views, person_ids)
        for session in self._sessions.values():
            unlisted = [
                person_id
                for person_id in person_ids
                if person_id not in session.trainer_ids and self._register.line(session.id, person_id) is None
            ]
            if unlisted:
                self._expected[session.id] = frozenset(await queries.expected_in(uow, session))
        return {
            person_id: Person(
                known=person_id in states,
                disabled=states.get(person_id) is UserState.DISABLED,
                consent_withdrawn_time=withdrawn.get(person_id),
                trains=(),
                attends=(),
            )
            for person_id in person_ids
        }

    def _near(self, room: Room, at: datetime) -> list[SessionView]:
        return [
            view
            for view in self._views.values()
            if self._sessions[view.session_id].room_id == room.id
            and view.planned_start_time - rules.NEAR <= at <= view.planned_end_time + rules.NEAR
        ]

    def _attends(self, view: SessionView, person_id: UUID) -> bool:
        if self._register.line(view.session_id, person_id) is not None:
            return True
        return person_id in self._expected.get(view.session_id, ())

    async def _judge(self, item: _Judged, room: Room, people: Mapping[UUID, Person], judged: Sequence[_Judged]) -> None:
        fact, person_id = item.fact, item.fact.person_id
        assert person_id is not None  # noqa: S101 (a check-in has a person, by its parser)
        near = [] if item.at is None else self._near(room, item.at)
        plain = people[person_id]
        attends = tuple(view for view in near if self._attends(view, person_id))
        trains = tuple(view for view in near if person_id in view.trainer_ids)
        elsewhere = False
        if item.at is not None and plain.known and not attends and not trains:
            elsewhere = await queries.is_expected_elsewhere(self._uow, person_id, item.at, but_room_id=room.id)
        person = Person(plain.known, plain.disabled, plain.consent_withdrawn_time, trains, attends, elsewhere)
        open_now = item.at is not None and any(view.opens <= item.at <= view.closes for view in near)
        door = Door(self._fences[room.id], room.max_accuracy_m, open_now)
        sighting = Sighting(person_id, item.at, fact.similarity, fact.liveness, fact.position)
        chosen = None if item.at is None else rules.choose_session(attends, item.at)
        line = None if chosen is None else self._register.line(chosen.session_id, person_id)
        item.verdict = rules.judge(
            sighting, person, door, first_check_in_time=None if line is None else line.now.first_check_in_time
        )
        await self._apply(item, judged)

    async def _apply(self, item: _Judged, judged: Sequence[_Judged]) -> None:
        verdict, at, person_id = item.verdict, item.at, item.fact.person_id
        if verdict is None or verdict.session is None or at is None or person_id is None:
            return
        view = verdict.session
        session = self._sessions[view.session_id]
        if verdict.judgement is Judgement.SESSION_STARTED:
            await self._start(session, at, judged)
        elif verdict.judgement in (Judgement.PRESENT, Judgement.LATE) or (verdict.reason is RejectionReason.DUPLICATE):
            line = self._register.add(view.session_id, person_id, reason="joined the class group")
            line.now, line.reason = line.now.seen(at, view), "seen at the door"
            self.touched.add(session.id)

    async def _start(self, session: AttendanceSession, at: datetime, judged: Sequence[_Judged]) -> None:
        self.touched.add(session.id)
        if session.state is not SessionState.SCHEDULED:
            self._uow.audit(
                "attendance.correct_start",
                object_type="session",
                object_id=session.id,
                before={"actual_start_time": session.actual_start_time},
                after={"actual_start_time": at},
                reason="an earlier report of the trainer arrived later",
            )
            session.actual_start_time = at
            self._views[session.id] = queries.view_of(session, self._policy)
            return
        view = await lifecycle.begin(
            self._uow, self._register, session, policy=self._policy, at=at, reason="the trainer's face at the door"
        )
        self._views[session.id] = view
        for item in judged:
            verdict = item.verdict
            if verdict is None or verdict.judgement is not Judgement.PENDING or verdict.session is None:
                continue
            if verdict.session.session_id == session.id and item.at and item.fact.person_id:
                judgement, reason = lifecycle.settle(self._register, view, item.fact.person_id, item.at)
                item.verdict = Verdict(judgement, reason, view)

    async def _note(self, item: _Judged, room: Room) -> None:
        """Tell the trainers of what is no check-in, while it helps and not again and again."""
        if item.at is None:
            return
        view = rules.choose_session(self._near(room, item.at), item.at)
        if view is None or not min(view.opens, view.start_opens) <= item.at <= view.closes:
            return
        item.verdict = Verdict(Judgement.NOTED, session=view)
        session = self._sessions[view.session_id]
        last = session.told.get(item.fact.kind.value)
        if self._uow.now - item.at > rules.ALARM_USEFUL or session.state is SessionState.MISSED:
            return
        if last is not None and abs(item.at - datetime.fromisoformat(last)) < rules.ALARM_PAUSE:
            return
        lifecycle.tell_once(session, item.fact.kind.value, value=item.at.isoformat())
        facts = await lifecycle.session_facts(self._uow, session)
        match item.fact.kind:
            case FactKind.UNKNOWN_FACE:
                self._uow.publish(events.UnknownFaceSeen(**facts, capture_time=item.at))
            case FactKind.SUSPECT_FACE:
                self._uow.publish(events.SuspectFaceSeen(**facts, capture_time=item.at))
            case _:
                self._uow.publish(events.DeviceOutOfPlace(**facts, device_id=self._device_id, capture_time=item.at))

    async def _tell(self, changed: Sequence[Line]) -> None:
        by_session: dict[UUID, list[Line]] = {}
        for line in changed:
            by_session.setdefault(line.session_id, []).append(line)
        sessions = [self._sessions[session_id] for session_id in by_session]
        await lifecycle.tell_complete(self._uow, sessions)
        corrected = [session for session in sessions if session.state is SessionState.COMPLETED]
        await lifecycle.tell_corrections(self._uow, corrected)
        for session in corrected:
            for line in by_session[session.id]:
                self._uow.audit(
                    "attendance.correct_record",
                    object_type="attendance_record",
                    object_id=line.record_id,
                    after={"state": line.now.state.value},
                    reason="a check-in arrived after the session had ended",
                )

    def _row(self, item: _Judged) -> dict[str, Any]:
        fact, verdict = item.fact, item.verdict
        position = fact.position
        return {
            "event_id": fact.event_id,
            "device_id": self._device_id,
            "epoch": fact.epoch,
            "sequence": fact.sequence,
            "digest": fact.digest,
            "kind": fact.kind,
            "person_id": fact.person_id,
            "session_id": None if verdict is None or verdict.session is None else verdict.session.session_id,
            "judgement": None if verdict is None else verdict.judgement,
            "rejection_reason": None if verdict is None else verdict.reason,
            "capture_time": item.at or self._uow.now,
            "arrival_time": self._uow.now,
            "wall_time": fact.captured.wall_time,
            "monotonic_ns": fact.captured.monotonic_ns,
            "boot_id": fact.captured.boot_id,
            "clock_quality": fact.captured.quality,
            "similarity": fact.similarity,
            "liveness": fact.liveness,
            "latitude": None if position is None else position.latitude,
            "longitude": None if position is None else position.longitude,
            "accuracy_m": None if position is None else position.accuracy_m,
            "position_source": fact.position_source,
            "engine": fact.engine,
            "gallery_version": fact.gallery_version,
            "agent_version": fact.agent_version,
            "shown": fact.shown,
        }
