"""What the hub wants done: each command is carried out once, by its id."""

from collections.abc import Callable
from pathlib import Path

import structlog

from edge_agent.files import write_whole
from smartroster.devices.v1 import devices_pb2 as pb
from smartroster.devices.v1 import devices_pb2_grpc as pb_grpc

_TIMEOUT_S = 30.0
_MAX_LOG_BYTES = 1024 * 1024

_log = structlog.get_logger("edge_agent.commands")


class Commands:
    """`path` keeps the id of the last command; `newest_log` gives at most so many bytes of the log's end as text."""

    def __init__(
        self,
        path: Path,
        *,
        sync: Callable[[], None],
        restart: Callable[[], None],
        newest_log: Callable[[int], str],
    ) -> None:
        self._path = path
        self._sync = sync
        self._restart = restart
        self._newest_log = newest_log

    async def watch(self, stub: pb_grpc.DeviceServiceStub) -> None:
        """Carry out commands as they come, until the stream ends.

        Raises:
            grpc.aio.AioRpcError: the hub can't be reached, or this device is suspended or revoked.
        """
        async for command in stub.WatchCommands(pb.WatchCommandsRequest(after_command_id=self._last())):
            await self._carry_out(command, stub)

    async def _carry_out(self, command: pb.DeviceCommand, stub: pb_grpc.DeviceServiceStub) -> None:
        what = command.WhichOneof("command")
        _log.info("command", id=command.id, what=what)
        match what:
            case "sync":
                self._sync()
            case "send_log":
                wanted = min(command.send_log.max_bytes or _MAX_LOG_BYTES, _MAX_LOG_BYTES)
                upload = pb.UploadLogRequest(command_id=command.id, text=self._newest_log(wanted))
                await stub.UploadLog(upload, timeout=_TIMEOUT_S)
            case "restart_agent":
                self._keep(command.id)  # before: a restart that is forgotten would come again and again
                self._restart()
                return
            case _:
                # The wanted version also comes with each heartbeat, which tells it as an alarm until it runs.
                _log.info("nothing to do for this command here", what=what)
        self._keep(command.id)

    def _last(self) -> str:
        try:
            return self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""

    def _keep(self, command_id: str) -> None:
        try:
            write_whole(self._path, command_id.encode())
        except OSError as error:
            _log.warning("the last command's id can't be kept; it may be carried out again", error=str(error))
