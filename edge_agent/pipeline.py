"""frame → motion → faces → tracks → good frames → encodings → name → liveness → door → answer."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras.capture import Capture
from edge_agent.door import Door
from edge_agent.feedback import Feedback
from edge_agent.observations import Answer, FactStore, Frame, Liveness, RoomState, RoomStateHolder, Shown
from edge_agent.position import PositionDevice, Whereabouts
from edge_agent.recognition.liveness import Examination, LivenessCheck, Unchecked
from edge_agent.recognition.motion import MotionGate
from edge_agent.recognition.tracker import Track, Tracker
from edge_agent.recognition.voting import Ballot, Strangers, Verdict
from presence.faces.engine import Engine, encode_face
from presence.faces.quality import LIVE_MIN_FACE_PX, Quality, QualityProblem, assess

STAY_AWAKE_S = 1.0
"""After the last motion or face."""
ANSWER_STAYS_S = 2.5
"""After the face has gone: time to read."""
ASK_AFTER_S = 0.7
"""People are asked to come closer and so on only when it doesn't mend itself."""
DETECTABLE_PX = 20
"""Height of a face that the detector finds surely."""
NEAR_ENOUGH_TO_ASK = 0.6
"""Of the least face size; smaller ones just pass by."""
BLACK_BELOW, BLACK_FOR_S = 4.0, 60.0
BLACK_ALARM = "CAMERA_BLACK"

ASK = {
    QualityProblem.TOO_SMALL: Shown.COME_CLOSER,
    QualityProblem.CLIPPED: Shown.FACE_THE_CAMERA,
    QualityProblem.TOO_DARK: Shown.TOO_DARK,
    QualityProblem.TOO_BRIGHT: Shown.TOO_BRIGHT,
    QualityProblem.TURNED_AWAY: Shown.FACE_THE_CAMERA,
    QualityProblem.BLURRED: Shown.HOLD_STILL,
}


@dataclass(slots=True)
class Visit:
    """What is known of one face while it is there."""

    examination: Examination
    ballot: Ballot = field(default_factory=Ballot)
    first_seen_ns: int = 0
    troubled_since_s: float | None = None
    settled: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """Since the start; `frames_per_second` is of the last ten seconds, `beat_s` on `time.monotonic()`."""

    frames: int = 0
    frames_with_detection: int = 0
    encodings: int = 0
    frames_per_second: float = 0.0
    beat_s: float = 0.0


class Pipeline:
    """For one thread; `figures` may be read from any."""

    def __init__(
        self,
        engine: Engine,
        room: RoomStateHolder,
        *,
        position: PositionDevice,
        feedback: Feedback,
        outbox: FactStore,
        alarms: AlarmBoard,
        liveness: Callable[[], LivenessCheck] = Unchecked,
        detection_width: int = 320,
        min_face_px: int = LIVE_MIN_FACE_PX,
        idle_frames_per_second: float = 5.0,
    ) -> None:
        """`detection_width` is the least; wide pictures with small faces in them are searched at more."""
        self._engine, self._room, self._feedback, self._alarms = engine, room, feedback, alarms
        self._door = Door(outbox, Whereabouts(position, time.monotonic), alarms, engine_id=engine.id)
        self._make_liveness = liveness
        self._detection_width, self._min_face_px = detection_width, min_face_px
        self._idle_interval_s = 1.0 / idle_frames_per_second
        self._motion = MotionGate()
        self._tracker: Tracker[Visit] = Tracker()
        self._strangers = Strangers()
        self._answers: dict[int, tuple[Answer, float]] = {}
        self._shown: tuple[Answer, ...] = ()
        self._awake_until_s = 0.0
        self._moved_lately = False
        self._black_since_s: float | None = None
        self._window: tuple[float, int] = (0.0, 0)
        self.figures = PipelineFigures()

    def run(self, capture: Capture, stop: threading.Event) -> None:
        """Look at pictures until `stop` is set or a replay is over; the capture is started and stopped here."""
        capture.start()
        try:
            not_before_s = 0.0
            while not stop.is_set() and not capture.ended:
                frame = capture.next(1.0, not_before_s=not_before_s)
                if frame is not None:
                    self.look(frame)
                self._beat(arrived=frame is not None)
                not_before_s = 0.0 if self.busy else time.monotonic() + self._idle_interval_s
        finally:
            capture.stop()
            self._feedback.show(())

    @property
    def busy(self) -> bool:
        """Whether somebody may be there."""
        return bool(self._tracker.tracks or self._answers) or self._moved_lately

    @property
    def tracks(self) -> Sequence[Track[Visit]]:
        """The faces that are there."""
        return self._tracker.tracks

    def look(self, frame: Frame) -> None:
        """Take one picture through all stages."""
        now_s = frame.captured.monotonic_ns / 1e9
        if self._motion.moves(frame):
            self._awake_until_s = now_s + STAY_AWAKE_S
        self._moved_lately = now_s <= self._awake_until_s
        self._mind_black(now_s)
        state = self._room.get()
        self._door.look_around(state, frame.captured)
        awake = self._moved_lately or bool(self._tracker.tracks)
        if awake:
            self._look_for_faces(frame, state, now_s)
        self.figures = replace(
            self.figures,
            frames=self.figures.frames + 1,
            frames_with_detection=self.figures.frames_with_detection + awake,
        )
        self._show(now_s)

    def _look_for_faces(self, frame: Frame, state: RoomState, now_s: float) -> None:
        # Faces large enough to be taken must be large enough to be found.
        needed = frame.rgb.shape[1] * DETECTABLE_PX // self._min_face_px
        faces = self._engine.detect(frame.rgb, width=max(self._detection_width, needed))
        seen, lost = self._tracker.follow(faces, now_s, lambda: Visit(Examination(self._make_liveness)))
        for track in seen:
            self._look_at(track, frame, state, now_s)
        for track in lost:
            self._farewell(track, frame, state, now_s)

    def _look_at(self, track: Track[Visit], frame: Frame, state: RoomState, now_s: float) -> None:
        visit = track.state
        visit.first_seen_ns = visit.first_seen_ns or frame.captured.monotonic_ns
        quality = assess(frame.rgb, track.face, min_face_px=self._min_face_px)
        if track.jumped:
            visit.ballot.doubt()
        challenged = state.config is not None and state.config.policy.liveness_challenge
        if not quality.problems or visit.examination.turn_to is not None:
            # Whoever turns their head as they were asked to may look away from the camera.
            visit.examination.look(frame.rgb, track.face, now_s, challenged=challenged)
        if not quality.problems:
            visit.troubled_since_s = None
            self._encode(track, quality, frame, state, now_s)
        elif visit.troubled_since_s is None:
            visit.troubled_since_s = now_s
        verdict = visit.ballot.verdict
        if verdict is not None and verdict != visit.settled:
            self._settle(track, verdict, frame, state, now_s)
        elif verdict is None and quality.problems:
            self._ask_for_better(track, quality, now_s)
        if track.number in self._answers:
            self._answers[track.number] = (self._answers[track.number][0], now_s + ANSWER_STAYS_S)

    def _encode(self, track: Track[Visit], quality: Quality, frame: Frame, state: RoomState, now_s: float) -> None:
        ballot = track.state.ballot
        if state.gallery is None:
            self._answer(track, Shown.NOT_READY, now_s)
        elif ballot.wants(quality.score, now_s):
            encoding = encode_face(self._engine, frame.rgb, track.face)
            ballot.add(encoding, quality.score, state.gallery, now_s)
            self.figures = replace(self.figures, encodings=self.figures.encodings + 1)

    def _settle(self, track: Track[Visit], verdict: Verdict, frame: Frame, state: RoomState, now_s: float) -> None:
        """Tell a verdict to the door as soon as liveness is clear; the same person is told once a track."""
        visit = track.state
        if verdict.person_id is None:
            if visit.settled is None and state.gallery is not None:
                visit.settled = verdict
                is_new = self._strangers.is_new(visit.ballot.encodings, state.gallery, now_s)
                shown = self._door.unknown(len(visit.ballot.encodings), captured=frame.captured, is_new=is_new)
                self._answer(track, shown, now_s)
            return
        if visit.settled is not None and visit.settled.person_id == verdict.person_id:
            visit.settled = verdict
            return
        liveness = visit.examination.outcome
        if liveness is Liveness.RETRY:
            self._ask_for_life(track, now_s)
            return
        visit.settled = verdict
        answer = self._door.known(
            verdict,
            liveness,
            state=state,
            captured=frame.captured,
            track=track.number,
            seen_ns=visit.first_seen_ns,
        )
        self._answers[track.number] = (answer, now_s + ANSWER_STAYS_S)

    def _ask_for_life(self, track: Track[Visit], now_s: float) -> None:
        examination = track.state.examination
        if examination.turn_to is not None:
            self._answer(track, Shown.TURN_HEAD, now_s, f"to your {examination.turn_to.value.lower()}")
        else:
            self._answer(track, Shown.TURN_HEAD if examination.asked_again else Shown.KEEP_LOOKING, now_s)

    def _farewell(self, track: Track[Visit], frame: Frame, state: RoomState, now_s: float) -> None:
        """A face has gone: a stranger seen twice counts; one that was suspect and left before the retry is flagged."""
        visit = track.state
        if visit.settled is not None:
            return
        verdict = visit.ballot.close()
        if verdict is None:
            return
        if verdict.person_id is None:
            self._settle(track, verdict, frame, state, now_s)
        elif visit.examination.asked_again:
            self._door.left_unproven(verdict, frame.captured)

    def _ask_for_better(self, track: Track[Visit], quality: Quality, now_s: float) -> None:
        since_s = track.state.troubled_since_s
        near = track.face.box.height >= NEAR_ENOUGH_TO_ASK * self._min_face_px
        if near and since_s is not None and now_s - since_s >= ASK_AFTER_S:
            self._answer(track, ASK[quality.problems[0]], now_s)

    def _answer(self, track: Track[Visit], shown: Shown, now_s: float, detail: str = "") -> None:
        answer = Answer(shown=shown, name="", detail=detail, track=track.number, face_seen_ns=track.state.first_seen_ns)
        self._answers[track.number] = (answer, now_s + ANSWER_STAYS_S)

    def _show(self, now_s: float) -> None:
        self._answers = {number: entry for number, entry in self._answers.items() if entry[1] > now_s}
        answers = tuple(answer for answer, _ in self._answers.values())
        if answers != self._shown:
            self._shown = answers
            self._feedback.show(answers)

    def _mind_black(self, now_s: float) -> None:
        if self._motion.brightness >= BLACK_BELOW:
            if self._black_since_s is not None:
                self._black_since_s = None
                self._alarms.take_down(BLACK_ALARM)
        elif self._black_since_s is None:
            self._black_since_s = now_s
        elif now_s - self._black_since_s > BLACK_FOR_S:
            self._alarms.put_up(BLACK_ALARM, "The camera's pictures are black: take off its cap or switch on light.")

    def _beat(self, *, arrived: bool) -> None:
        now_s = time.monotonic()
        since_s, frames = self._window
        frames += arrived
        rate = self.figures.frames_per_second
        if now_s - since_s >= 10.0:  # noqa: PLR2004 (seconds; see PipelineFigures)
            rate = frames / (now_s - since_s) if since_s else 0.0
            since_s, frames = now_s, 0
        self._window = since_s, frames
        self.figures = replace(self.figures, frames_per_second=rate, beat_s=now_s)
