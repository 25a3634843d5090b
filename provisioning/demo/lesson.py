"""The story, scene by scene. It goes on when the thing has really happened, not when a time has passed."""

import time
from datetime import UTC, datetime, timedelta

from provisioning.demo.cast import BARACK, EILEEN, GRACE, JOE, STRANGER, Person
from provisioning.demo.college import LATE_GRACE, plan_lesson
from provisioning.demo.doors import Door
from provisioning.demo.narrator import AlertListener, Narrator
from provisioning.demo.outcome import (
    ALERTS_EXPECTED,
    Outcome,
    count_check_ins,
    is_started_by_trainer,
    read_register,
)
from provisioning.demo.processes import DemoFailed, wait_until
from provisioning.demo.stage import Stage
from provisioning.hub_client import HubClient
from provisioning.output import enum_text
from provisioning.profile import utc_now
from smartroster.attendance.v1 import attendance_pb2

_LEAD = timedelta(seconds=25)
_SHORTEST_LEAD = timedelta(seconds=3)
_HUB_SECONDS = 30.0
_CATCH_UP_SECONDS = 40.0


class Lesson:
    def __init__(self, stage: Stage, hub: HubClient, alerts: AlertListener) -> None:
        self._stage = stage
        self._hub = hub
        self._alerts = alerts
        self._narrator: Narrator = stage.narrator
        self._walks: list[tuple[str, Person]] = []
        self._start_time = datetime.now(UTC)
        self._session_id = ""

    def play(self) -> None:
        """Everything between the timetable and the end of the session."""
        self._narrator.chapter("The lesson")
        self._schedule()
        self._trainer_starts()
        self._trainees_come()
        self._stranger_and_photo()
        self._cable_is_pulled()
        self._hub_is_killed()
        self._everything_catches_up()
        self._end()

    def judge(self, outcome: Outcome) -> None:
        """Ask the hub what it knows now."""
        session = self._session()
        outcome.session_state = enum_text(session, "state")
        outcome.register_final = session.absences_final
        outcome.register = read_register(self._hub, self._stage.college, self._session_id)
        waiting = [door.waiting_events() for door in self._stage.doors]
        outcome.check_ins = count_check_ins(self._hub, self._stage.college, self._walks, sum(map(sum, waiting)))
        titles = self._alerts.titles()
        outcome.alerts, outcome.alert_repeats = len(titles), self._alerts.repeats
        outcome.alerts_missing = [
            wanted for wanted in ALERTS_EXPECTED if not any(title.startswith(wanted) for title in titles)
        ]
        outcome.ok = (
            outcome.session_state == "completed"
            and outcome.register_final
            and all(line.right for line in outcome.register)
            and outcome.check_ins["lost"] == 0
            and outcome.check_ins["duplicate"] == 0
            and not outcome.alerts_missing
            and is_started_by_trainer(self._hub, self._stage.college, self._session_id)
        )

    def _schedule(self) -> None:
        lead = _LEAD
        while True:
            self._start_time = (utc_now() + lead).replace(microsecond=0)
            lesson = plan_lesson(self._hub, self._stage.college, self._start_time)
            if lesson is not None and self._start_time - utc_now() > _SHORTEST_LEAD:
                break
            lead *= 2  # planning took longer than the lead: this computer is slow or busy
        session, planned = lesson
        self._session_id = session.id
        late = self._start_time + LATE_GRACE
        self._narrator.tell("timetable", planned)
        self._narrator.tell(
            "timetable",
            f"Compilers in {session.room_code} at {self._start_time:%H:%M:%S} UTC; late after {late:%H:%M:%S}",
        )
        # The doors are told by the hub that there is something new; the first walk takes longer than that.
        time.sleep(2)

    def _trainer_starts(self) -> None:
        self._narrator.scene("Grace Hopper, the trainer, walks up to the front door")
        self._come(self._stage.front, GRACE, says="session has started", seconds=8)
        self._wait_state("active")
        self._narrator.tell("hub", "the session is active: her face at its door started it")

    def _trainees_come(self) -> None:
        self._narrator.scene("Barack Obama comes alone")
        self._come(self._stage.front, BARACK, says="on time")
        self._narrator.scene("Joe Biden and Grace Hopper come side by side, through the back door")
        before = len(self._stage.back.answers())
        self._stage.back.walk(JOE, GRACE, seconds=9)
        for person in (JOE, GRACE):
            said = self._stage.back.wait_answer(person.name, after=before)
            self._narrator.door("back door", said)
            self._walks.append((self._stage.back.device_id, person))
        self._wait_records({"present": 2})
        self._narrator.tell("hub", "two of four are in, on time")
        self._stage.back.wait_empty()

    def _stranger_and_photo(self) -> None:
        self._narrator.scene("A stranger (Mona Lisa, whom nobody registered) looks in at the front door")
        before = len(self._stage.front.answers())
        self._stage.front.walk(STRANGER, seconds=6)
        self._narrator.door("front door", self._stage.front.wait_answer("don't know you", after=before))
        self._wait_alert("Unknown face")
        self._stage.front.wait_empty()
        self._narrator.scene("Somebody holds up a photo of Eileen Collins, who is not here yet")
        before = len(self._stage.front.answers())
        self._stage.front.walk(EILEEN, seconds=12, living=False)
        self._narrator.door("front door", self._stage.front.wait_answer("looks like a picture", after=before))
        self._wait_alert("Possible photo")
        self._stage.front.wait_empty()

    def _cable_is_pulled(self) -> None:
        self._stage.back.cable.cut()
        self._narrator.fault("the back door loses its network")
        wait = (self._start_time + LATE_GRACE - utc_now()).total_seconds() + 1
        if wait > 0:
            self._narrator.tell("…", f"{wait:.0f} s until whoever comes is late")
            time.sleep(wait)
        self._narrator.scene("Eileen Collins herself comes, late, through the back door that is cut off")
        self._come(self._stage.back, EILEEN, says="late", seconds=15)
        waiting, _ = self._stage.back.waiting_events()
        if not waiting:
            raise DemoFailed("The back door was cut off and yet keeps nothing for the hub.")
        self._narrator.tell("back door", f"{waiting} waiting in its outbox, on disk")

    def _hub_is_killed(self) -> None:
        self._stage.kill_hub()
        self._narrator.fault("the hub is killed (SIGKILL)")
        self._narrator.scene("Grace Hopper passes the front door while there is no hub")
        self._come(self._stage.front, GRACE, says="Noted")
        seconds = self._stage.start_hub()
        self._narrator.tell(
            "hub", f"back after {seconds:.1f} s, on the same ports, with everything it had acknowledged"
        )

    def _everything_catches_up(self) -> None:
        self._stage.back.cable.heal()
        self._narrator.tell("back door", "has its network again")
        seconds = wait_until(
            "the doors deliver what they kept",
            lambda: all(door.waiting_events()[0] == 0 for door in self._stage.doors),
            _CATCH_UP_SECONDS,
        )
        self._wait_records({"present": 2, "late": 1})
        self._narrator.tell("hub", f"caught up in {seconds:.1f} s: Eileen Collins counts from when she came")

    def _end(self) -> None:
        said = self._stage.end_lesson(self._session_id)
        self._narrator.tell("trainer", f"roster sessions end → {said.removeprefix('✓ ')}")
        self._wait_alert("Ended")
        wait_until("the absences are final", lambda: self._session().absences_final, _HUB_SECONDS)

    def _come(self, door: Door, person: Person, *, says: str, seconds: float = 9.0) -> None:
        before = len(door.answers())
        start = time.monotonic()
        door.walk(person, seconds=seconds)
        said = door.wait_answer(f"{person.name}: .*{says}", after=before)
        self._narrator.door(door.name, said, time.monotonic() - start)
        self._walks.append((door.device_id, person))
        door.wait_empty()

    def _session(self) -> attendance_pb2.Session:
        return self._hub.call(attendance_pb2.GetSessionRequest(session_id=self._session_id), attendance_pb2.Session)

    def _wait_state(self, state: str) -> None:
        wait_until(f"the session is {state}", lambda: enum_text(self._session(), "state") == state, _HUB_SECONDS)

    def _wait_records(self, wanted: dict[str, int]) -> None:
        def are_there() -> bool:
            counts = self._session().counts
            return all(getattr(counts, name) == count for name, count in wanted.items())

        wait_until(f"the register has {wanted}", are_there, _HUB_SECONDS)

    def _wait_alert(self, title: str) -> None:
        wait_until(
            f'the trainer gets the alert "{title}"',
            lambda: any(one.startswith(title) for one in self._alerts.titles()),
            _HUB_SECONDS,
        )
