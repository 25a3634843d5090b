"""The check-in stream: batches go up pipelined, and each event leaves the outbox on its own answer only."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import grpc
import structlog

from edge_agent import fail_points
from edge_agent.life.clock import DeviceClock
from edge_agent.observations import ClockQuality
from edge_agent.uplink import messages
from edge_agent.uplink.outbox import Cursor, Outbox
from edge_agent.uplink.outbox_store import WaitingEvent
from smartroster.attendance.v1 import room_pb2 as pb
from smartroster.attendance.v1 import room_pb2_grpc as pb_grpc

MAX_BATCH = 100
_IN_FLIGHT = 4
_SINGLY_FOR = 200
_LOCAL_FAILURE = "ExecuteBatch"
_WATERMARK_EVERY_S = 5.0
_ANSWER_WITHIN_S = 30.0

_log = structlog.get_logger("edge_agent.check_ins")


class BadAnswer(Exception):
    """The hub answered something else than it was asked; the stream is begun anew."""


@dataclass(slots=True)
class _Batch:
    number: int
    events: list[WaitingEvent]


class CheckInSender:
    """Empties the outbox through one stream at a time; call `run` again when it has failed."""

    def __init__(self, outbox: Outbox, clock: DeviceClock, *, on_answer: Callable[[], None]) -> None:
        self._outbox = outbox
        self._clock = clock
        self._on_answer = on_answer
        # After a failure that is not the network's, events go one by one for a while: that finds the one that the hub
        # can't digest, and it is put behind all others.
        self._singly = 0
        self._suspects: set[UUID] = set()

    async def run(self, stub: pb_grpc.RoomServiceStub) -> None:
        """Send until the stream ends.

        Raises:
            grpc.aio.AioRpcError: the hub can't be reached, or ended the stream.
            BadAnswer, TimeoutError: it answers wrong, or not at all.
        """
        call = stub.StreamCheckIns()
        stream = _Stream(self, call)
        try:
            await stream.run()
        except grpc.aio.AioRpcError as error:
            self._note_failure(error, stream.in_flight)
            raise
        finally:
            call.cancel()

    @property
    def in_flight_limit(self) -> int:
        return 1 if self._singly else _IN_FLIGHT

    def _note_failure(self, error: grpc.aio.AioRpcError, in_flight: deque[_Batch]) -> None:
        if error.code() not in {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.INVALID_ARGUMENT}:
            return
        events = in_flight[0].events if in_flight else []
        # gRPC reports a write on a call that has just ended as INTERNAL of its own, which says nothing of the event.
        if len(events) == 1 and _LOCAL_FAILURE not in (error.details() or ""):
            self._suspects.add(events[0].event_id)
            _log.error("the hub fails on an event; others go first", event_id=str(events[0].event_id))
        self._singly = _SINGLY_FOR

    async def next_events(self, cursor: Cursor) -> list[WaitingEvent]:
        """What to send next; events on which the hub failed are tried when there is nothing else."""
        limit = 1 if self._singly else MAX_BATCH
        while taken := await asyncio.wrap_future(self._outbox.take(cursor, limit)):
            if events := [event for event in taken if event.event_id not in self._suspects]:
                return events
        if not self._suspects:
            return []
        self._suspects.clear()
        self._singly = _SINGLY_FOR
        cursor.generation = -1  # begins again
        return await asyncio.wrap_future(self._outbox.take(cursor, 1))

    async def request(self, batch: _Batch) -> pb.StreamCheckInsRequest:
        reading = self._clock.read()
        request = pb.StreamCheckInsRequest(
            batch_number=batch.number,
            events=[messages.decode_event(event.payload) for event in batch.events],
            sent=messages.clock_reading(reading),
        )
        # A clock that can't be trusted can't promise anything about a time.
        if reading.quality is not ClockQuality.UNSYNCED:
            complete = await asyncio.wrap_future(self._outbox.complete_until(reading.wall_time))
            request.complete_until_time.CopyFrom(messages.timestamp(complete))
        return request

    async def settle(self, batch: _Batch, response: pb.StreamCheckInsResponse) -> None:
        """Take the hub's answers to a batch."""
        if [result.event_id for result in response.results] != [str(event.event_id) for event in batch.events]:
            raise BadAnswer(f"the hub answered {len(response.results)} other events than the {len(batch.events)} sent")
        stored: list[UUID] = []
        refused: list[tuple[UUID, str]] = []
        for event, result in zip(batch.events, response.results, strict=True):
            match result.outcome:
                case pb.EventResult.OUTCOME_STORED | pb.EventResult.OUTCOME_DUPLICATE:
                    stored.append(event.event_id)
                case pb.EventResult.OUTCOME_REFUSED:
                    refused.append((event.event_id, result.message or "refused without a reason"))
                    _log.error("the hub refused an event", event_id=str(event.event_id), reason=result.message)
                case _:
                    raise BadAnswer(f"the hub answered {result.event_id} without an outcome")
        fail_points.reach("uplink.after_answer")
        if batch.events:
            await asyncio.wrap_future(self._outbox.answered(stored, refused))
            self._singly = max(self._singly - 1, 0)
        self._on_answer()


class _Stream:
    """One life of the stream: a task that writes, one that reads, at most `_IN_FLIGHT` batches between them."""

    def __init__(self, sender: CheckInSender, call: grpc.aio.StreamStreamCall) -> None:  # type: ignore[type-arg]  # generic in stubs alone
        self._sender = sender
        self._call = call
        self._cursor = Cursor()
        self._slots = asyncio.Semaphore(sender.in_flight_limit)
        self._appended = asyncio.Event()
        self._writing = asyncio.Lock()
        self._number = 0
        self.in_flight: deque[_Batch] = deque()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        outbox = self._sender._outbox  # noqa: SLF001 (its inner part)

        def wake() -> None:
            loop.call_soon_threadsafe(self._appended.set)

        outbox.wake_on_append(wake)
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            # The reader knows why a stream ended; a writer sees only that it did.
            await (reader if reader in done else _first_error(reader, writer))
        finally:
            outbox.wake_on_append(None)
            writer.cancel()
            reader.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            await self._slots.acquire()
            self._appended.clear()
            events = await self._sender.next_events(self._cursor)
            if not events and self._number:
                try:
                    await asyncio.wait_for(self._appended.wait(), _WATERMARK_EVERY_S)
                except TimeoutError:
                    pass
                else:
                    events = await self._sender.next_events(self._cursor)
            self._number += 1
            batch = _Batch(self._number, events)
            self.in_flight.append(batch)
            await self._send(batch)

    async def _send(self, batch: _Batch) -> None:
        fail_points.reach("uplink.before_send")
        async with self._writing:
            await self._call.write(await self._sender.request(batch))

    async def _read(self) -> None:
        while True:
            response = await self._next_response()
            if not self.in_flight or response.batch_number != self.in_flight[0].number:
                raise BadAnswer(f"the hub answered batch {response.batch_number}, which was not the next")
            batch = self.in_flight[0]
            if response.HasField("retry_after"):
                await asyncio.sleep(max(response.retry_after.ToTimedelta().total_seconds(), 0.1))
                # Answers come in the order of sending: the batch goes behind those that are under way.
                self.in_flight.rotate(-1)
                await self._send(batch)
                continue
            await self._sender.settle(batch, response)
            self.in_flight.popleft()
            self._slots.release()

    async def _next_response(self) -> pb.StreamCheckInsResponse:
        # With nothing under way there is nothing to wait for but the end of the stream.
        response = await asyncio.wait_for(self._call.read(), _ANSWER_WITHIN_S + _WATERMARK_EVERY_S)
        if not isinstance(response, pb.StreamCheckInsResponse):  # grpc.aio.EOF
            code = await self._call.code()
            raise BadAnswer(f"the hub ended the stream ({code.name})")
        return response


async def _first_error(reader: asyncio.Task[None], writer: asyncio.Task[None]) -> None:
    try:
        await asyncio.wait_for(asyncio.shield(reader), 1.0)
    except TimeoutError:
        await writer
