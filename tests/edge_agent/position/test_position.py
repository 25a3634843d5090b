import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from edge_agent.observations import PositionSource
from edge_agent.position import open_position
from edge_agent.position.gpsd import GpsdPosition, read_report
from edge_agent.settings import FixedPositionSettings, GpsdPositionSettings
from tests.edge_agent.seeing import FENCE, room

TPV = {"class": "TPV", "mode": 3, "lat": -1.28, "lon": 36.8, "eph": 4.5}


@pytest.mark.parametrize(
    ("report", "accuracy_m"),
    [
        (TPV, 4.5),
        ({**TPV, "eph": None, "epx": 3, "epy": 4}, 5.0),
        ({key: value for key, value in TPV.items() if key != "eph"}, 50.0),
        ({**TPV, "mode": 1}, None),  # no fix
        ({**TPV, "lat": 123}, None),  # no place
        ({**TPV, "lat": "north"}, None),
        ({"class": "SKY"}, None),
        ([], None),
    ],
)
def test_a_report_is_a_fix_or_nothing(report: object, accuracy_m: float | None) -> None:
    fix = read_report(json.dumps(report).encode())
    assert (fix.position.accuracy_m if fix is not None else None) == accuracy_m


def test_a_broken_line_is_nothing() -> None:
    assert read_report(b'{"class":"TPV","mo') is None


@pytest.fixture
def gpsd() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def test_gpsd_is_watched_and_found_again_when_it_restarts(gpsd: socket.socket) -> None:
    device = GpsdPosition(*gpsd.getsockname())
    for latitude in (-1.0, -2.0):
        connection, _ = gpsd.accept()
        assert connection.recv(1000).startswith(b"?WATCH=")
        line = json.dumps({**TPV, "lat": latitude}).encode() + b"\r\n"
        connection.sendall(b'{"class":"VERSION"}\r\n' + line[:9])
        connection.sendall(line[9:])
        until_s = time.monotonic() + 5
        while (fix := device.fix(None)) is None or fix.position.latitude != latitude:
            assert time.monotonic() < until_s
            time.sleep(0.01)
        assert fix.source is PositionSource.GPS
        connection.close()
    closing = threading.Thread(target=device.close)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()


def test_without_gpsd_there_is_no_position() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    device = open_position(GpsdPositionSettings(kind="gpsd", port=port))
    assert device.fix(None) is None
    device.close()


def test_a_fixed_device_is_where_it_was_installed() -> None:
    fix = open_position(FixedPositionSettings(latitude=1, longitude=2, accuracy_m=3)).fix(None)
    assert fix is not None
    assert (fix.position.latitude, fix.position.longitude, fix.position.accuracy_m) == (1, 2, 3)
    assert fix.source is PositionSource.FIXED


def test_without_coordinates_it_is_in_the_middle_of_its_room() -> None:
    device = open_position(FixedPositionSettings())
    assert device.fix(None) is None
    fix = device.fix(room(None).config)
    assert fix is not None
    assert (fix.position.latitude, fix.position.longitude) == (FENCE.latitude, FENCE.longitude)
