"""What happens when the pipeline knows whose face it is: rules, position, outbox, and only then the answer."""

from uuid import UUID

import structlog

from edge_agent.alarms import AlarmBoard
from edge_agent.errors import AgentError
from edge_agent.observations import (
    Answer,
    CheckInFact,
    ClockReading,
    DeviceMovedFact,
    Fact,
    FactStore,
    Liveness,
    RoomState,
    Shown,
    SuspectFaceFact,
    UnknownFaceFact,
)
from edge_agent.position import Whereabouts
from edge_agent.recognition.voting import Verdict
from edge_agent.rules import Decision, Register, decide
from edge_agent.uplink.outbox import NotStored
from presence.geofence import GeofenceOutcome

REPEAT_AFTER_S = 120.0
"""The same thing of the same person is not told again sooner."""
MOVED_ALARM = "DEVICE_OUT_OF_PLACE"
FLAGGED = "staff will look at this check-in"

log = structlog.get_logger(__name__)


class Door:
    """Of one room; for the pipeline's thread."""

    def __init__(self, outbox: FactStore, whereabouts: Whereabouts, alarms: AlarmBoard, *, engine_id: str) -> None:
        self._outbox, self._whereabouts, self._alarms, self._engine_id = outbox, whereabouts, alarms, engine_id
        self._register = Register()
        self._told: dict[tuple[UUID | None, UUID | None, str], float] = {}
        self._moved = self._dropped = False

    def look_around(self, state: RoomState, captured: ClockReading) -> None:
        """Renew the position; a device that was carried away says so, once each time."""
        self._whereabouts.look(state.config)
        if state.schedule is not None:
            self._register.forget_all_but(state.schedule.sessions)
        if self._whereabouts.moved == self._moved:
            return
        fix = self._whereabouts.fix
        if not self._whereabouts.moved:
            self._moved = False
            self._alarms.take_down(MOVED_ALARM)
        elif fix is not None and self._store(DeviceMovedFact(fix), captured):
            self._moved = True
            self._alarms.put_up(MOVED_ALARM, "The device is outside its room's geofence and takes nobody.")

    def unknown(self, usable_frames: int, *, captured: ClockReading, is_new: bool) -> Shown:
        """Somebody whom the gallery does not hold; `is_new` unless they were told of minutes ago."""
        if is_new:
            self._store(UnknownFaceFact(self._whereabouts.fix, usable_frames), captured)
        return Shown.UNKNOWN

    def left_unproven(self, verdict: Verdict, captured: ClockReading) -> None:
        """Flag a face that looked like a picture, for staff."""
        if self._is_news((verdict.person_id, None, Shown.SUSPECT), captured.monotonic_ns / 1e9):
            self._store(SuspectFaceFact(verdict.person_id, verdict.similarity, self._whereabouts.fix), captured)

    def known(
        self,
        verdict: Verdict,
        liveness: Liveness,
        *,
        state: RoomState,
        captured: ClockReading,
        track: int,
        seen_ns: int,
    ) -> Answer:
        """Decide, make it durable, and answer; nobody is told to be in before it is on disk."""
        assert verdict.person_id is not None  # noqa: S101 (the caller's contract)
        person_id, now_s = verdict.person_id, captured.monotonic_ns / 1e9
        decision, detail = self._decide(verdict, liveness, state, captured)
        shown = decision.shown
        if shown is not Shown.OUT_OF_PLACE:
            if liveness is Liveness.SUSPECT:
                self.left_unproven(verdict, captured)
            session_id = decision.session.session_id if decision.session is not None else None
            if shown is not Shown.ALREADY_IN and self._is_news((person_id, session_id, f"check-in {shown}"), now_s):
                fact = CheckInFact(
                    person_id=person_id,
                    similarity=verdict.similarity,
                    liveness=liveness,
                    position=self._whereabouts.fix,
                    engine=self._engine_id,
                    gallery_version=state.gallery_version,
                    shown=shown.value,
                )
                if self._store(fact, captured):
                    self._note(decision, person_id)
                elif self._dropped:
                    # Not even in memory: whoever looks again is tried again.
                    self._told.pop((person_id, session_id, f"check-in {shown}"))
                    shown, detail = Shown.NOT_STORED, ""
                else:
                    shown, detail = Shown.NOT_STORED, ""
        return Answer(
            shown=shown,
            name=state.names.get(person_id, ""),
            detail=detail,
            track=track,
            provisional=not state.online,
            face_seen_ns=seen_ns,
        )

    def _decide(
        self, verdict: Verdict, liveness: Liveness, state: RoomState, captured: ClockReading
    ) -> tuple[Decision, str]:
        assert verdict.person_id is not None  # noqa: S101 (the caller's contract)
        config, schedule = state.config, state.schedule
        if self._whereabouts.moved:
            return Decision(Shown.OUT_OF_PLACE), ""
        if config is None or schedule is None:
            return Decision(Shown.NOT_READY), "noted"
        decision = decide(
            schedule,
            self._register,
            person_id=verdict.person_id,
            similarity=verdict.similarity,
            now=captured.wall_time,
        )
        title = decision.session.title if decision.session is not None else ""
        if liveness is Liveness.SUSPECT:
            if config.policy.reject_suspect_faces or decision.shown is Shown.SESSION_STARTED:
                return Decision(Shown.SUSPECT, decision.session), FLAGGED
            return decision, FLAGGED
        placeless = self._whereabouts.outcome is not GeofenceOutcome.INSIDE
        if config.fence is not None and placeless and decision.shown is not Shown.ALREADY_IN:
            return Decision(Shown.NO_POSITION, decision.session), title
        return decision, title

    def _note(self, decision: Decision, person_id: UUID) -> None:
        if decision.session is None:
            return
        if decision.shown is Shown.SESSION_STARTED:
            self._register.started.add(decision.session.session_id)
        elif decision.shown in {Shown.PRESENT, Shown.LATE, Shown.PENDING}:
            self._register.present.add((decision.session.session_id, person_id))

    def _is_news(self, key: tuple[UUID | None, UUID | None, str], now_s: float) -> bool:
        self._told = {told: at_s for told, at_s in self._told.items() if now_s - at_s < REPEAT_AFTER_S}
        if key in self._told:
            return False
        self._told[key] = now_s
        return True

    def _store(self, fact: Fact, captured: ClockReading) -> bool:
        try:
            self._outbox.append(fact, captured)
        except AgentError as error:
            self._dropped = isinstance(error, NotStored)
            log.error("fact_not_stored", kind=type(fact).__name__, reason=str(error))  # noqa: TRY400 (its text says all)
            return False
        return True
