"""A GPS receiver through gpsd's JSON protocol (https://gpsd.gitlab.io/gpsd/gpsd_json.html)."""

import json
import math
import socket
import threading
import time

import structlog

from edge_agent.observations import PositionFix, PositionSource, RoomConfig
from presence.geofence import GeofenceError, Position

OLDEST_FIX_S = 30.0
FIX_2D = 2
UNSTATED_ACCURACY_M = 50.0
"""For receivers that give no error estimate: a plain one under a roof."""
SILENT_AFTER_S = 20.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0

log = structlog.get_logger(__name__)


class GpsdPosition:
    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._latest: tuple[float, PositionFix] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gpsd", daemon=True)
        self._thread.start()

    def fix(self, config: RoomConfig | None) -> PositionFix | None:  # noqa: ARG002 (a GPS needs no hint)
        """The last fix unless it is older than OLDEST_FIX_S."""
        latest = self._latest
        return latest[1] if latest is not None and time.monotonic() - latest[0] <= OLDEST_FIX_S else None

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(SILENT_AFTER_S)

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stopping.is_set():
            try:
                with socket.create_connection(self._address, timeout=5) as connection:
                    connection.settimeout(0.5)
                    connection.sendall(b'?WATCH={"enable":true,"json":true};\n')
                    if self._listen(connection):
                        wait_s = FIRST_WAIT_S
            except OSError as error:
                log.warning("gpsd_away", address=self._address, reason=str(error))
            self._stopping.wait(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _listen(self, connection: socket.socket) -> bool:
        """Take reports until gpsd hangs up or says nothing for long; answers whether it said anything."""
        buffer, heard_s, heard = b"", time.monotonic(), False
        while not self._stopping.is_set() and time.monotonic() - heard_s < SILENT_AFTER_S:
            try:
                data = connection.recv(4096)
            except TimeoutError:
                continue
            if not data:
                break
            heard_s, heard = time.monotonic(), True
            *lines, buffer = (buffer + data).split(b"\n")
            buffer = buffer[-65536:]
            for line in lines:
                fix = read_report(line)
                if fix is not None:
                    self._latest = heard_s, fix
        return heard


def read_report(line: bytes) -> PositionFix | None:
    """The fix of a TPV report with a place; None for everything else, broken lines too."""
    try:
        report = json.loads(line)
        if report["class"] != "TPV" or report["mode"] < FIX_2D:
            return None
        accuracy = report.get("eph")
        if accuracy is None and "epx" in report and "epy" in report:
            accuracy = math.hypot(report["epx"], report["epy"])
        position = Position(
            float(report["lat"]),
            float(report["lon"]),
            float(accuracy if accuracy is not None else UNSTATED_ACCURACY_M),
        )
    except (ValueError, KeyError, TypeError, GeofenceError):
        return None
    return PositionFix(position, PositionSource.GPS)
