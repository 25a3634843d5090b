"""The outbox by what can happen to it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.alarms import AlarmBoard
from edge_agent.observations import UnknownFaceFact
from edge_agent.settings import OutboxSettings
from edge_agent.uplink import messages
from edge_agent.uplink import outbox as outbox_module
from edge_agent.uplink.outbox import SETTLING, Cursor, NotDurable, NotStored, Outbox
from tests.edge_agent.conftest import check_in, reading

Open = Callable[..., Outbox]


def waiting(outbox: Outbox) -> list[tuple[UUID, str, int]]:
    """(event id, epoch, sequence) of all that waits, oldest first."""
    events = outbox.take(Cursor(generation=outbox._generation, mark=2**62), 10_000).result(5)
    decoded = [messages.decode_event(event.payload) for event in events]
    return [(UUID(event.event_id), event.epoch, event.sequence) for event in decoded]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_was_appended_is_there_after_a_restart_and_numbers_go_on(open_outbox: Open) -> None:
    first = open_outbox()
    ids = [first.append(check_in(), reading()) for _ in range(3)]
    first.close()
    second = open_outbox()
    ids.append(second.append(check_in(), reading()))
    found = waiting(second)
    assert [event_id for event_id, _, _ in found] == ids
    assert [sequence for _, _, sequence in found] == [1, 2, 3, 4]
    assert len({epoch for _, epoch, _ in found}) == 1


def test_threads_append_without_gaps_or_doubles(open_outbox: Open) -> None:
    outbox = open_outbox()
    threads = [
        threading.Thread(target=lambda: [outbox.append(check_in(), reading()) for _ in range(25)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sequence for _, _, sequence in waiting(outbox)] == list(range(1, 201))


def test_only_what_was_answered_goes_and_its_number_is_not_used_again(open_outbox: Open) -> None:
    outbox = open_outbox()
    ids = [outbox.append(check_in(), reading()) for _ in range(3)]
    outbox.answered([ids[2]], []).result(5)
    outbox.close()
    reopened = open_outbox()
    reopened.append(check_in(), reading())
    assert [sequence for _, _, sequence in waiting(reopened)] == [1, 2, 4]


def test_a_refused_event_goes_to_the_dead_letters_with_its_reason(open_outbox: Open) -> None:
    outbox = open_outbox()
    event_id = outbox.append(check_in(), reading())
    outbox.answered([], [(event_id, "the same id with other content")]).result(5)
    assert waiting(outbox) == []
    assert outbox.dead_letters().result(5) == [(event_id, "the same id with other content")]


def test_questions_cancelled_with_their_stream_do_not_end_the_outbox(open_outbox: Open) -> None:
    outbox = open_outbox()
    outbox.append(check_in(), reading())
    cancelled = [outbox.depth().cancel() for _ in range(200)]
    assert any(cancelled)  # the others were answered before
    outbox.append(check_in(), reading())
    assert outbox.depth().result(5) == 2


def test_an_answer_of_the_hub_is_settled_though_its_stream_was_cancelled(open_outbox: Open) -> None:
    outbox = open_outbox()
    ids = [outbox.append(check_in(), reading()) for _ in range(50)]
    for event_id in ids:
        outbox.answered([event_id], []).cancel()
    assert outbox.depth().result(5) == 0


def test_an_answer_for_an_event_that_is_gone_changes_nothing(open_outbox: Open) -> None:
    outbox = open_outbox()
    outbox.append(check_in(), reading())
    outbox.answered([uuid4()], [(uuid4(), "unknown")]).result(5)
    assert outbox.depth().result(5) == 1
    assert outbox.dead_letters().result(5) == []


def test_live_events_go_before_the_backlog(open_outbox: Open) -> None:
    outbox = open_outbox()
    backlog = [outbox.append(check_in(), reading()) for _ in range(4)]
    cursor = Cursor()
    taken = [event.event_id for event in outbox.take(cursor, 2).result(5)]
    live = outbox.append(check_in(), reading())
    taken += [event.event_id for _ in range(3) for event in outbox.take(cursor, 2).result(5)]
    assert taken == [*backlog[:2], live, *backlog[2:]]


def test_the_watermark_stops_at_the_oldest_that_waits(open_outbox: Open) -> None:
    outbox = open_outbox()
    now = datetime.now(UTC)
    assert outbox.complete_until(now).result(5) == now - SETTLING
    old = reading(timedelta(hours=2))
    event_id = outbox.append(check_in(), old)
    assert outbox.complete_until(now).result(5) == old.wall_time
    outbox.answered([event_id], []).result(5)
    assert outbox.complete_until(now).result(5) == now - SETTLING


@pytest.mark.parametrize("damage", ["garbage", "overwritten middle", "cut short", "empty header"])
def test_a_corrupt_file_is_set_aside_and_the_agent_goes_on(
    open_outbox: Open, alarms: AlarmBoard, tmp_path: Path, damage: str
) -> None:
    outbox = open_outbox()
    ids = [outbox.append(check_in(), reading()) for _ in range(200)]
    outbox.close()
    path = tmp_path / "outbox.db"
    content = bytearray(path.read_bytes())
    match damage:
        case "garbage":
            content[:] = os.urandom(len(content))
        case "overwritten middle":
            middle = len(content) // 2
            content[middle : middle + 8192] = os.urandom(8192)
        case "cut short":
            del content[len(content) // 2 :]
        case "empty header":
            content[:100] = bytes(100)
    path.write_bytes(content)
    reopened = open_outbox()
    assert "OUTBOX_CORRUPT" in alarms.up()
    assert len(list(tmp_path.glob("outbox.db.corrupt-*"))) >= 1
    new = reopened.append(check_in(), reading())
    found = waiting(reopened)
    # What could be read keeps its epoch and number; what is new is of another epoch and begins at 1.
    assert {event_id for event_id, _, _ in found} <= {*ids, new}
    newest = next(entry for entry in found if entry[0] == new)
    assert newest[2] == 1
    assert newest[1] not in {epoch for event_id, epoch, _ in found if event_id != new}


def test_readable_events_of_a_damaged_file_are_saved(open_outbox: Open, tmp_path: Path) -> None:
    outbox = open_outbox()
    ids = [outbox.append(check_in(), reading()) for _ in range(50)]
    outbox.close()
    database = sqlite3.connect(tmp_path / "outbox.db")
    page = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events_captured'").fetchone()[0]
    size = database.execute("PRAGMA page_size").fetchone()[0]
    database.close()
    with (tmp_path / "outbox.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x7f" * size)
    assert [event_id for event_id, _, _ in waiting(open_outbox())] == ids


def test_a_full_disk_is_told_and_what_comes_meanwhile_is_kept(
    open_outbox: Open, alarms: AlarmBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_DISK_RETRY_S", 0.05)
    outbox = open_outbox()
    ids = [outbox.append(check_in(), reading())]
    outbox._call(lambda: outbox._file._db.execute("PRAGMA max_page_count = 1")).result(5)  # type: ignore[union-attr]
    lost: list[UUID] = []
    for _ in range(60):
        try:
            ids.append(outbox.append(check_in(), reading()))
        except NotDurable:
            lost.append(uuid4())
    assert lost
    assert "OUTBOX_UNWRITABLE" in alarms.up()
    assert outbox.depth().result(5) == 61
    outbox._call(lambda: outbox._file._db.execute("PRAGMA max_page_count = 100000")).result(5)  # type: ignore[union-attr]
    until(lambda: "OUTBOX_UNWRITABLE" not in alarms.up())
    assert outbox.depth().result(5) == 61
    outbox.close()
    numbers = [(epoch, sequence) for _, epoch, sequence in waiting(open_outbox())]
    assert len(set(numbers)) == 61
    for epoch in {epoch for epoch, _ in numbers}:
        mine = [sequence for of, sequence in numbers if of == epoch]
        assert mine == list(range(1, len(mine) + 1))


def test_what_is_held_in_memory_is_sent_and_answered_too(
    open_outbox: Open, alarms: AlarmBoard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "_DISK_RETRY_S", 0.05)
    folder = tmp_path / "card"
    folder.write_text("a file where the folder should be")
    outbox = open_outbox(path=folder / "outbox.db")
    with pytest.raises(NotDurable):
        outbox.append(check_in(), reading())
    (event,) = outbox.take(Cursor(), 10).result(5)
    outbox.answered([event.event_id], []).result(5)
    assert outbox.depth().result(5) == 0
    with pytest.raises(NotDurable):
        outbox.append(check_in(), reading())
    folder.unlink()
    folder.mkdir()
    until(lambda: "OUTBOX_UNWRITABLE" not in alarms.up())
    assert [sequence for _, _, sequence in waiting(outbox)] == [2]


def test_near_the_size_cap_sightings_are_dropped_and_check_ins_never(open_outbox: Open, alarms: AlarmBoard) -> None:
    outbox = open_outbox(max_mb=1, reserve_mb=0)
    stranger = UnknownFaceFact(position=None, usable_frames=2)
    outbox._call(lambda: outbox._file._db.execute("CREATE TABLE ballast AS SELECT zeroblob(1100000)")).result(5)  # type: ignore[union-attr]
    with pytest.raises(NotStored):
        outbox.append(stranger, reading())
    assert "OUTBOX_FULL" in alarms.up()
    outbox.append(check_in(), reading())
    outbox._call(lambda: outbox._file._db.execute("DROP TABLE ballast")).result(5)  # type: ignore[union-attr]
    outbox.append(stranger, reading())
    assert "OUTBOX_FULL" not in alarms.up()
    assert [sequence for _, _, sequence in waiting(outbox)] == [1, 2]


def test_events_of_a_former_device_are_kept_in_a_new_epoch(open_outbox: Open) -> None:
    first = open_outbox()
    ids = [first.append(check_in(), reading()) for _ in range(3)]
    first.answered([ids[0]], []).result(5)
    ((_, epoch, _), _) = waiting(first)
    first.close()
    second = open_outbox(device_id=uuid4())
    ids.append(second.append(check_in(), reading()))
    found = waiting(second)
    assert [event_id for event_id, _, _ in found] == ids[1:]
    assert [sequence for _, _, sequence in found] == [1, 2, 3]
    assert epoch not in {new for _, new, _ in found}


KILLED = """
import sys
from pathlib import Path
from uuid import UUID
from edge_agent.alarms import AlarmBoard
from edge_agent.settings import OutboxSettings
from edge_agent.uplink.outbox import Outbox
from tests.edge_agent.conftest import check_in, reading
settings, alarms = OutboxSettings(), AlarmBoard()
outbox = Outbox(Path(sys.argv[1]), device_id=UUID(int=1), agent_version="1", settings=settings, alarms=alarms)
for _ in range(50):
    event_id = outbox.append(check_in(), reading())
    print(event_id, flush=True)
    outbox.answered([event_id], []).result() if _ % 3 == 0 else None
"""


@pytest.mark.parametrize("point", ["outbox.before_commit:7", "outbox.after_commit:7", "outbox.before_removal:5"])
def test_killed_at_a_fail_point_nothing_that_was_told_stored_is_lost(tmp_path: Path, point: str) -> None:
    path = tmp_path / "outbox.db"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ROSTER_FAIL_POINT": point, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    told = [UUID(line) for line in ended.stdout.split()]
    outbox = Outbox(path, device_id=UUID(int=1), agent_version="1", settings=OutboxSettings(), alarms=AlarmBoard())
    found = waiting(outbox)
    outbox.append(check_in(), reading())
    after = waiting(outbox)
    outbox.close()
    here = {event_id for event_id, _, _ in found}
    assert {event_id for index, event_id in enumerate(told) if index % 3} <= here
    assert len(here - set(told)) <= 1  # committed, but killed before it could be told
    stored = len(told) + len(here - set(told))
    assert after[-1][2] == stored + 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["append", "answer", "refuse", "restart"]), max_size=30))
def test_whatever_happens_what_waits_is_what_was_appended_and_not_answered(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("outbox") / "outbox.db"

    def start() -> Outbox:
        return Outbox(path, device_id=UUID(int=1), agent_version="1", settings=OutboxSettings(), alarms=AlarmBoard())

    outbox, expected, appended = start(), [], 0
    for step in steps:
        match step:
            case "append":
                appended += 1
                expected.append((outbox.append(check_in(), reading()), appended))
            case "answer" if expected:
                outbox.answered([expected.pop(0)[0]], []).result(5)
            case "refuse" if expected:
                outbox.answered([], [(expected.pop()[0], "no")]).result(5)
            case "restart":
                outbox.close()
                outbox = start()
    found = [(event_id, sequence) for event_id, _, sequence in waiting(outbox)]
    outbox.close()
    assert found == expected


def test_a_question_that_is_given_up_does_not_stop_the_outbox(open_outbox: Open) -> None:
    outbox = open_outbox()
    blocked = threading.Event()
    holding = outbox._call(lambda: blocked.wait(5))
    assert outbox.depth().cancel()
    blocked.set()
    assert holding.result(5)
    outbox.append(check_in(), reading())
    assert outbox.depth().result(5) == 1


def test_a_question_that_fails_is_told_to_who_asked(open_outbox: Open) -> None:
    outbox = open_outbox()
    with pytest.raises(ZeroDivisionError):
        outbox._call(lambda: 1 // 0).result(5)
    assert outbox.depth().result(5) == 0
