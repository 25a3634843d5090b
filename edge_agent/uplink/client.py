"""The connection to the hub: one channel under the device's certificate, and the loops that use it, for ever."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import grpc
import structlog

from edge_agent.life.clock import DeviceClock
from edge_agent.observations import ClockQuality, RoomStateHolder
from edge_agent.settings import UplinkSettings
from edge_agent.uplink.backoff import TRANSIENT, Backoff, reason_of
from edge_agent.uplink.check_ins import BadAnswer, CheckInSender
from edge_agent.uplink.commands import Commands
from edge_agent.uplink.enrolment import EnrolmentFailed, renew_expired, renewed_identity
from edge_agent.uplink.gallery_sync import RoomSync
from edge_agent.uplink.heartbeat import Heartbeat
from edge_agent.uplink.identity import Identity, IdentityStore, IdentityUnusable
from smartroster.attendance.v1 import room_pb2_grpc
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc

_OPTIONS = (
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.min_reconnect_backoff_ms", 5_000),  # how long one try to connect may take
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),  # a whole gallery
    # A channel with a renewed certificate must not share the connection of the former one.
    ("grpc.use_local_subchannel_pool", 1),
)
_STEADY_S = 30.0  # what ran for so long counts as having worked
_RENEWAL_CHECK_S = 60.0
_RENEWAL_TIMEOUT_S = 20.0
_FAILURES_BEFORE_DOUBT = 5
_REVOKED = "DEVICE_REVOKED"
_EXPIRED = "CERTIFICATE_EXPIRED"

_log = structlog.get_logger("edge_agent.uplink")


class Reconnect(Exception):
    """Another identity, or a doubtful one, asks for a new channel."""


class Uplink:
    """Everything between agent and hub. `run` ends only when it is cancelled."""

    def __init__(
        self,
        *,
        identities: IdentityStore,
        clock: DeviceClock,
        holder: RoomStateHolder,
        sender: CheckInSender,
        heartbeat: Heartbeat,
        commands: Commands,
        room: RoomSync,
        settings: UplinkSettings,
    ) -> None:
        self._identities = identities
        self._clock = clock
        self._holder = holder
        self._sender = sender
        self._heartbeat = heartbeat
        self._commands = commands
        self._room = room
        self._settings = settings
        self._sync_now = asyncio.Event()
        self._failures = 0
        self._refused_as_expired = False
        self._renew_share = random.random()  # noqa: S311 (spreads load, keeps no secret)

    def sync_soon(self) -> None:
        """Fetch the room's data now; called in the loop's thread."""
        self._sync_now.set()

    def note_answer(self) -> None:
        """The hub has answered."""
        self._failures = 0
        if not self._holder.get().online:
            self._holder.change(online=True)

    async def run(self) -> None:
        backoff = Backoff(self._settings.longest_backoff_s)
        while True:
            identity = self._identities.load()
            try:
                if self._may_have_expired(identity):
                    identity = await asyncio.to_thread(renew_expired, self._identities, identity, now=self._clock.now())
                    self._refused_as_expired = False
                    backoff.reset()
                    _log.info("expired certificate renewed", device_id=identity.device_id)
            except (EnrolmentFailed, IdentityUnusable) as error:
                _log.warning("an expired certificate could not be renewed", error=str(error))
                await asyncio.sleep(backoff.next_s())
                if identity.certificate.not_valid_after_utc <= self._clock.now():
                    continue
            self._failures = 0
            await self._use(identity)

    def _may_have_expired(self, identity: Identity) -> bool:
        """By the clock, or the hub says so; or the hub is out of reach for long, and the clock can't tell."""
        if self._refused_as_expired or identity.certificate.not_valid_after_utc <= self._clock.now():
            return True
        return self._failures >= _FAILURES_BEFORE_DOUBT and self._clock.read().quality is not ClockQuality.SYNCED

    async def _use(self, identity: Identity) -> None:
        """Run all loops on one channel, until the identity has changed or is in doubt."""
        address = self._settings.device_address or identity.device_address
        credentials = self._identities.credentials(identity)
        async with grpc.aio.secure_channel(address, credentials, options=_OPTIONS) as channel:
            room = room_pb2_grpc.RoomServiceStub(channel)
            device = devices_pb2_grpc.DeviceServiceStub(channel)
            try:
                async with asyncio.TaskGroup() as loops:
                    loops.create_task(self._forever("heartbeat", lambda: self._beat(device)))
                    loops.create_task(self._forever("check-ins", lambda: self._sender.run(room)))
                    loops.create_task(self._forever("commands", lambda: self._commands.watch(device)))
                    loops.create_task(self._forever("room data", lambda: self._sync(room)))
                    loops.create_task(self._forever("certificate", lambda: self._renew_when_due(identity, device)))
            except* Reconnect:
                _log.info("connecting anew")

    async def _forever(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something again and again; whatever fails is tried again after a while."""
        backoff = Backoff(self._settings.longest_backoff_s)
        while True:
            began = time.monotonic()
            try:
                await work()
            except grpc.aio.AioRpcError as error:
                self._note_failure(what, error)
            except (BadAnswer, TimeoutError, OSError, IdentityUnusable) as error:
                _log.warning("will be tried again", what=what, error=f"{type(error).__name__}: {error}")
            if time.monotonic() - began > _STEADY_S:
                backoff.reset()
            await asyncio.sleep(backoff.next_s())

    def _note_failure(self, what: str, error: grpc.aio.AioRpcError) -> None:
        reason = reason_of(error)
        _log.warning("will be tried again", what=what, reason=reason, detail=error.details())
        if error.code() in TRANSIENT and self._holder.get().online:
            self._holder.change(online=False)
        if error.code() is grpc.StatusCode.UNAVAILABLE:
            self._failures += 1
        if reason == _EXPIRED:
            self._refused_as_expired = True
            raise Reconnect
        if reason == _REVOKED:
            self._room.destroy()
        if self._failures >= _FAILURES_BEFORE_DOUBT and self._may_have_expired(self._identities.load()):
            raise Reconnect

    async def _beat(self, device: devices_pb2_grpc.DeviceServiceStub) -> None:
        while True:
            interval_s = await self._heartbeat.beat(device, interval_s=self._settings.heartbeat_s)
            self.note_answer()
            await asyncio.sleep(interval_s)

    async def _sync(self, room: room_pb2_grpc.RoomServiceStub) -> None:
        while True:
            self._sync_now.clear()
            await self._room.sync(room)
            self.note_answer()
            try:
                await asyncio.wait_for(self._sync_now.wait(), self._settings.sync_interval_s)
            except TimeoutError:
                _log.debug("looking at the room's data without being asked to")

    async def _renew_when_due(self, identity: Identity, device: devices_pb2_grpc.DeviceServiceStub) -> None:
        due = renew_at(identity, self._renew_share)
        while self._clock.now() < due:  # noqa: ASYNC110 (the wall clock may be set meanwhile)
            await asyncio.sleep(_RENEWAL_CHECK_S)
        request = pb.RenewCertificateRequest(csr_pem=self._identities.csr_pem())
        answer = await device.RenewCertificate(request, timeout=_RENEWAL_TIMEOUT_S)
        self._identities.take(renewed_identity(answer, identity), now=self._clock.now())
        _log.info("certificate renewed", expire_time=answer.expire_time.ToJsonString())
        raise Reconnect


def renew_at(identity: Identity, share: float) -> datetime:
    """When to renew: from two thirds of the certificate's life on, spread over the next sixth by `share` (0..1)."""
    begin = identity.renew_from()
    left: timedelta = identity.certificate.not_valid_after_utc - begin
    return begin + left / 2 * share
