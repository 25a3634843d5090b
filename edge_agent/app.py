"""The composition root: camera and pipeline in threads, the uplink in the main thread's loop, all ended by SIGTERM."""

import asyncio
import importlib.metadata
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from edge_agent.alarms import AlarmBoard
from edge_agent.cameras import open_camera
from edge_agent.cameras.capture import Capture
from edge_agent.feedback import Screens, open_feedback
from edge_agent.life import condition, log
from edge_agent.life.clock import DeviceClock
from edge_agent.life.lock import only_agent
from edge_agent.life.watchdog import Watchdog
from edge_agent.observations import RoomStateHolder
from edge_agent.pipeline import Pipeline
from edge_agent.position import PositionDevice, open_position
from edge_agent.recognition.liveness import liveness_checks
from edge_agent.settings import AgentSettings
from edge_agent.uplink.check_ins import CheckInSender
from edge_agent.uplink.client import Uplink
from edge_agent.uplink.commands import Commands
from edge_agent.uplink.gallery_sync import RoomSync
from edge_agent.uplink.gallery_vault import GalleryVault
from edge_agent.uplink.heartbeat import Heartbeat
from edge_agent.uplink.identity import IdentityStore
from edge_agent.uplink.outbox import Outbox
from presence.faces.calibration import load_calibration
from presence.faces.engine import Engine, load_engine

AGENT_VERSION = importlib.metadata.version("smart-roster")

EXIT_RESTART = os.EX_TEMPFAIL
_CLOCK_CHECK_S = 60.0
_PIPELINE_STUCK_S = 30.0
# Together less than the 5 s in which SIGTERM must be done.
_PIPELINE_STOP_S = 1.5
_DRAIN_S = 1.5
_UPLINK_STOP_S = 0.5
_OUTBOX_STOP_S = 1.0

_log = structlog.get_logger("edge_agent.app")


@dataclass(slots=True)
class _Life:
    """How the agent is to end."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    exit_code: int = 0

    def end(self, exit_code: int = 0) -> None:
        self.exit_code = self.exit_code or exit_code
        self.stop.set()


class Agent:
    """One room agent. Made and run once."""

    def __init__(self, settings: AgentSettings, recent_log: log.RecentLog) -> None:
        """Open everything but the camera.

        Raises:
            AgentError, IdentityUnusable: something can't be used; the message says what to do.
        """
        data = settings.data_dir
        self._settings = settings
        self._alarms = AlarmBoard()
        self._identities = IdentityStore(data / "identity")
        identity = self._identities.load()
        self._clock = DeviceClock(data / "last_good_time")
        self._clock.check()
        engine = load_engine(
            settings.recognition.engine,
            threads=settings.recognition.threads,
            detection_width=settings.recognition.detection_width,
        )
        self._outbox = Outbox(
            data / "outbox.db",
            device_id=UUID(identity.device_id),
            agent_version=AGENT_VERSION,
            settings=settings.outbox,
            alarms=self._alarms,
        )
        self._holder = RoomStateHolder()
        self._room = RoomSync(
            data / "room",
            GalleryVault(data / "room" / "gallery.sealed", settings.gallery_key_dir()),
            self._holder,
            engine_id=engine.id,
            model_sha256=engine.model_sha256,
            calibration=load_calibration(engine.id, model_sha256=engine.model_sha256),
            alarms=self._alarms,
        )
        self._room.load()
        self._recent_log = recent_log
        self._position = open_position(settings.position)
        self._feedback = open_feedback(settings.feedback)
        self._pipeline = self._make_pipeline(engine, self._position, self._feedback)
        self._life = _Life()
        self._stop_pipeline = threading.Event()
        self._pipeline_runs = False

    def _make_pipeline(self, engine: Engine, position: PositionDevice, feedback: Screens) -> Pipeline:
        recognition = self._settings.recognition
        return Pipeline(
            engine,
            self._holder,
            position=position,
            feedback=feedback,
            outbox=self._outbox,
            alarms=self._alarms,
            liveness=liveness_checks(recognition),
            detection_width=recognition.detection_width,
            min_face_px=recognition.min_face_px,
            idle_frames_per_second=recognition.idle_frames_per_second,
        )

    async def run(self) -> int:
        """Watch the door until SIGTERM, SIGINT or a restart is wanted; answers the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._life.end)
        uplink = self._uplink()
        watchdog = Watchdog(
            pipeline_beat=self._pipeline_beat, outbox_beat=self._outbox.depth, stuck_after_s=_PIPELINE_STUCK_S
        )
        pipeline = threading.Thread(target=self._run_pipeline, args=(loop,), name="pipeline", daemon=True)
        tasks = [
            asyncio.create_task(uplink.run(), name="uplink"),
            asyncio.create_task(self._check_clock(), name="clock"),
            asyncio.create_task(watchdog.run(), name="watchdog"),
        ]
        for task in tasks:
            task.add_done_callback(self._part_ended)
        self._pipeline_runs = True
        pipeline.start()
        watchdog.ready()
        _log.info("running", version=AGENT_VERSION)
        await self._life.stop.wait()
        watchdog.stopping()
        await self._end(pipeline, tasks)
        return self._life.exit_code

    def _uplink(self) -> Uplink:
        uplink = Uplink(
            identities=self._identities,
            clock=self._clock,
            holder=self._holder,
            sender=CheckInSender(self._outbox, self._clock, on_answer=lambda: uplink.note_answer()),  # noqa: PLW0108 (not made yet)
            heartbeat=Heartbeat(
                clock=self._clock,
                outbox=self._outbox,
                holder=self._holder,
                alarms=self._alarms,
                condition=lambda: condition.look(
                    self._settings.data_dir, lambda: self._pipeline.figures.frames_per_second
                ),
                config_error=lambda: self._room.config_error,
                trust=self._identities.trust,
                agent_version=AGENT_VERSION,
            ),
            commands=Commands(
                self._settings.data_dir / "last_command",
                sync=lambda: uplink.sync_soon(),  # noqa: PLW0108 (not made yet)
                restart=lambda: self._life.end(EXIT_RESTART),
                newest_log=self._recent_log.newest,
            ),
            room=self._room,
            settings=self._settings.uplink,
        )
        return uplink

    def _run_pipeline(self, loop: asyncio.AbstractEventLoop) -> None:
        capture = Capture(lambda: open_camera(self._settings.camera), self._clock, self._alarms)
        try:
            self._pipeline.run(capture, self._stop_pipeline)
            _log.info("the camera's pictures are over" if capture.ended else "the pipeline has stopped")
        except Exception:  # noqa: BLE001 (whatever it is, it ends the process)
            # A pipeline that fails is a fault of ours: told whole, and begun anew by systemd with all else.
            _log.exception("the pipeline failed")
            loop.call_soon_threadsafe(self._life.end, 1)
        finally:
            self._pipeline_runs = False

    def _pipeline_beat(self) -> float | None:
        beat = self._pipeline.figures.beat_s
        return beat if self._pipeline_runs and beat else None

    def _part_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a part failed", part=task.get_name(), exc_info=error)
            self._life.end(1)

    async def _check_clock(self) -> None:
        while True:
            await asyncio.to_thread(self._clock.check)
            await asyncio.sleep(_CLOCK_CHECK_S)

    async def _end(self, pipeline: threading.Thread, tasks: list[asyncio.Task[None]]) -> None:
        """What is stored stays stored; what can be sent in a moment is sent."""
        began = time.monotonic()
        self._stop_pipeline.set()
        await asyncio.to_thread(pipeline.join, _PIPELINE_STOP_S)
        if self._holder.get().online:
            await self._drain()
        for task in tasks:
            task.remove_done_callback(self._part_ended)
            task.cancel()
        await asyncio.wait(tasks, timeout=_UPLINK_STOP_S)
        self._clock.check()
        self._outbox.close(_OUTBOX_STOP_S)
        self._position.close()
        self._feedback.close()
        _log.info("ended", seconds=round(time.monotonic() - began, 2))

    async def _drain(self) -> None:
        until = time.monotonic() + _DRAIN_S
        while time.monotonic() < until:
            if not await asyncio.wrap_future(self._outbox.depth()):
                return
            await asyncio.sleep(0.05)


def run(settings: AgentSettings) -> int:
    """Run an agent with these settings; answers the exit code (75: start me again)."""
    recent_log = log.configure(settings.log_level)
    with only_agent(settings.data_dir):
        return asyncio.run(_run(settings, recent_log))


async def _run(settings: AgentSettings, recent_log: log.RecentLog) -> int:
    return await Agent(settings, recent_log).run()
