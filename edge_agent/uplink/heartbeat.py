"""The heartbeat: how the device is goes up, the hub's time and wishes come down."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from edge_agent.alarms import AlarmBoard
from edge_agent.life.clock import DeviceClock
from edge_agent.life.condition import Condition
from edge_agent.observations import ClockQuality, RoomStateHolder
from edge_agent.uplink import messages
from edge_agent.uplink.outbox import Outbox
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc as pb_grpc

_TIMEOUT_S = 10.0
_LONGEST_INTERVAL_S = 600.0

_log = structlog.get_logger("edge_agent.heartbeat")


class Heartbeat:
    def __init__(
        self,
        *,
        clock: DeviceClock,
        outbox: Outbox,
        holder: RoomStateHolder,
        alarms: AlarmBoard,
        condition: Callable[[], Condition],
        config_error: Callable[[], str],
        trust: Callable[[str], object],
        agent_version: str,
    ) -> None:
        self._clock = clock
        self._outbox = outbox
        self._holder = holder
        self._alarms = alarms
        self._condition = condition
        self._config_error = config_error
        self._trust = trust
        self._agent_version = agent_version
        self._raised: dict[str, datetime] = {}

    async def beat(self, stub: pb_grpc.DeviceServiceStub, *, interval_s: float) -> float:
        """One heartbeat; answers how many seconds until the next.

        Raises:
            grpc.aio.AioRpcError: the hub can't be reached or refuses.
        """
        request = self._request(queue_depth=await asyncio.wrap_future(self._outbox.depth()))
        asked_ns = self._clock.monotonic_ns()
        answer: pb.HeartbeatResponse = await stub.Heartbeat(request, timeout=_TIMEOUT_S)
        self._clock.hub_said(
            messages.instant(answer.hub_time), asked_ns=asked_ns, answered_ns=self._clock.monotonic_ns()
        )
        if answer.ca_bundle_pem:
            self._trust(answer.ca_bundle_pem)
        wanted = answer.wanted_version
        if wanted and wanted != self._agent_version:
            self._alarms.put_up("UPDATE_WANTED", f"Version {wanted} is wanted here; {self._agent_version} runs.")
        else:
            self._alarms.take_down("UPDATE_WANTED")
        wish = answer.next_heartbeat_in.ToTimedelta().total_seconds()
        return min(wish, _LONGEST_INTERVAL_S) if wish > 0 else interval_s

    def _request(self, *, queue_depth: int) -> pb.HeartbeatRequest:
        reading = self._clock.read()
        if reading.quality is ClockQuality.UNSYNCED:
            self._alarms.put_up("CLOCK_UNSYNCED", "Neither NTP nor the hub has told the time since the last power cut.")
        else:
            self._alarms.take_down("CLOCK_UNSYNCED")
        alarms = self._alarms.up()
        self._raised = {reason: self._raised.get(reason, reading.wall_time) for reason in alarms}
        state = self._holder.get()
        condition = self._condition()
        return pb.HeartbeatRequest(
            device_time=messages.timestamp(reading.wall_time),
            agent_version=self._agent_version,
            queue_depth=queue_depth,
            gallery_version=state.gallery_version,
            config_version=state.config.version if state.config else 0,
            config_error=self._config_error(),
            temperature_celsius=condition.temperature_celsius,
            disk_free_ratio=condition.disk_free_ratio,
            frames_per_second=condition.frames_per_second,
            resident_memory_bytes=condition.resident_memory_bytes,
            alarms=[
                pb.ActiveAlarm(reason=reason, detail=detail, raised_time=messages.timestamp(self._raised[reason]))
                for reason, detail in alarms.items()
            ],
        )
