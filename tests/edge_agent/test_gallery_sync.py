from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import grpc
import numpy as np
import pytest

from edge_agent.alarms import AlarmBoard
from edge_agent.observations import RoomState, RoomStateHolder
from edge_agent.uplink.gallery_sync import RoomSync
from edge_agent.uplink.gallery_vault import GalleryVault
from edge_agent.uplink.identity import IdentityStore
from presence.faces.calibration import load_calibration
from presence.faces.engine import load_engine
from smartroster.attendance.v1 import room_pb2, room_pb2_grpc
from tests.edge_agent.wire_hub import WireHub

ANN, BEN, EVE = uuid4(), uuid4(), uuid4()
ENGINE = load_engine("sface")


def vector(person_id: UUID) -> bytes:
    values = np.random.default_rng(person_id.int % 2**32).normal(size=128)
    return (values / np.linalg.norm(values)).astype("<f4").tobytes()


def person(person_id: UUID, name: str) -> room_pb2.GalleryPerson:
    return room_pb2.GalleryPerson(person_id=str(person_id), display_name=name, encodings=[vector(person_id)])


FULL = room_pb2.SyncGalleryResponse(version=5, full=True, upserts=[person(ANN, "Ann Okafor"), person(BEN, "Ben Ruiz")])
DELTA = room_pb2.SyncGalleryResponse(version=6, upserts=[person(EVE, "Eve Lund")], removals=[str(BEN)])


@dataclass
class Door:
    """One room agent's knowledge, and a way to sync it as one life of the process."""

    hub: WireHub
    folder: Path
    key_dir: Path | None
    alarms: AlarmBoard

    def __post_init__(self) -> None:
        self.store = IdentityStore(self.folder / "identity")
        self.identity = self.hub.identity(self.store)
        self.restart()

    def restart(self) -> RoomState:
        self.holder = RoomStateHolder()
        self.room = RoomSync(
            self.folder / "room",
            GalleryVault(self.folder / "room" / "gallery.sealed", self.key_dir),
            self.holder,
            engine_id="sface",
            model_sha256=ENGINE.model_sha256,
            calibration=load_calibration("sface", model_sha256=ENGINE.model_sha256),
            alarms=self.alarms,
        )
        self.room.load()
        return self.holder.get()

    async def sync(self) -> RoomState:
        credentials = self.store.credentials(self.identity)
        async with grpc.aio.secure_channel(self.identity.device_address, credentials) as channel:
            await self.room.sync(room_pb2_grpc.RoomServiceStub(channel))
        return self.holder.get()


@pytest.fixture
def door(hub: WireHub, tmp_path: Path, alarms: AlarmBoard) -> Door:
    return Door(hub, tmp_path, tmp_path / "tmpfs", alarms)


async def test_a_whole_gallery_then_its_changes(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    state = await door.sync()
    assert state.gallery is not None
    assert set(state.gallery.people) == {ANN, BEN}
    assert state.names[ANN] == "Ann Okafor"
    hub.gallery.append(DELTA)
    state = await door.sync()
    assert state.gallery is not None
    assert set(state.gallery.people) == {ANN, EVE}
    assert BEN not in state.names
    assert state.gallery_version == 6
    assert hub.asked_versions == [0, 5]


async def test_every_erasure_is_acknowledged(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL, DELTA]
    await door.sync()
    await door.sync()
    await door.sync()
    assert hub.acknowledged == [(5, []), (6, [str(BEN)])]


async def test_who_is_not_in_a_whole_gallery_any_more_is_erased(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    await door.sync()
    hub.gallery = [room_pb2.SyncGalleryResponse(version=9, full=True, upserts=[person(ANN, "Ann Okafor")])]
    await door.sync()
    assert hub.acknowledged[-1] == (9, [str(BEN)])


async def test_an_erasure_is_acknowledged_after_a_power_cut_too(
    hub: WireHub, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.gallery = [FULL, DELTA]
    await door.sync()

    class PowerCut(BaseException):
        pass

    def cut(_: str) -> None:
        raise PowerCut

    monkeypatch.setattr("edge_agent.fail_points.reach", cut)
    with pytest.raises(PowerCut):
        await door.sync()
    monkeypatch.undo()
    door.restart()
    await door.sync()
    assert hub.acknowledged[-1] == (6, [str(BEN)])


async def test_nothing_of_a_gallery_can_be_read_on_the_disk(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    await door.sync()
    stored = b"".join(path.read_bytes() for path in (door.folder / "room").iterdir())
    assert b"Okafor" not in stored
    assert vector(ANN)[:16] not in stored
    assert str(ANN).encode() not in stored


async def test_after_a_restart_the_gallery_is_there_without_the_hub(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    await door.sync()
    await hub.stop()
    state = door.restart()
    assert state.gallery is not None
    assert set(state.gallery.people) == {ANN, BEN}


async def test_after_a_reboot_the_gallery_is_locked_until_the_hub_gives_the_key(
    hub: WireHub, tmp_path: Path, alarms: AlarmBoard
) -> None:
    door = Door(hub, tmp_path, None, alarms)
    hub.gallery = [FULL]
    await door.sync()
    state = door.restart()
    assert state.gallery is None
    state = await door.sync()
    assert state.gallery is not None
    assert hub.asked_versions == [0, 5]  # opened, not fetched again


async def test_a_new_key_seals_the_gallery_anew(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    await door.sync()
    hub.key, hub.key_id = b"n" * 32, "key-2"
    await door.sync()
    assert GalleryVault(door.folder / "room" / "gallery.sealed", None).sealed_with == "key-2"
    state = door.restart()
    assert state.gallery is not None


@pytest.mark.parametrize("damage", [b"", b"SRG1", b"garbage", b"SRG1\x05key-1" + b"x" * 100])
async def test_a_damaged_gallery_is_fetched_whole(hub: WireHub, door: Door, damage: bytes) -> None:
    hub.gallery = [FULL]
    await door.sync()
    (door.folder / "room" / "gallery.sealed").write_bytes(damage)
    assert door.restart().gallery is None
    assert (await door.sync()).gallery is not None


def _config(**changes: object) -> Callable[[room_pb2.RoomConfig], None]:
    def change(config: room_pb2.RoomConfig) -> None:
        for name, value in changes.items():
            setattr(config, name, value)

    return change


def _bad_polygon(config: room_pb2.RoomConfig) -> None:
    config.room.geofence.polygon.vertices.add(latitude=1, longitude=1)


def _bad_share(config: room_pb2.RoomConfig) -> None:
    config.policy.min_similarity = 7


def _negative(config: room_pb2.RoomConfig) -> None:
    config.policy.late_grace.seconds = -5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_config(engine="dlib"), "recognition.engine"),
        (_config(model_sha256="other"), "same version"),
        (_bad_polygon, "configuration can't be used"),
        (_bad_share, "min_similarity"),
        (_negative, "late_grace"),
    ],
)
async def test_a_bad_configuration_is_refused_and_the_old_one_stays(
    hub: WireHub, door: Door, change: Callable[[room_pb2.RoomConfig], None], says: str
) -> None:
    before = (await door.sync()).config
    assert before is not None
    assert door.room.config_error == ""
    hub.config.version = 2
    change(hub.config)
    after = (await door.sync()).config
    assert after == before
    assert says in door.room.config_error
    assert door.restart().config == before


@pytest.mark.parametrize("encoding", [b"", b"short", np.full(128, np.nan, dtype="<f4").tobytes()])
async def test_a_bad_gallery_is_refused_and_the_old_one_stays(
    hub: WireHub, door: Door, alarms: AlarmBoard, encoding: bytes
) -> None:
    hub.gallery = [FULL]
    await door.sync()
    bad = room_pb2.GalleryPerson(person_id=str(EVE), display_name="Eve", encodings=[encoding])
    hub.gallery.append(room_pb2.SyncGalleryResponse(version=6, upserts=[bad]))
    state = await door.sync()
    assert state.gallery_version == 5
    assert "GALLERY_REFUSED" in alarms.up()


async def test_a_revoked_device_erases_its_gallery(hub: WireHub, door: Door) -> None:
    hub.gallery = [FULL]
    await door.sync()
    door.room.destroy()
    assert door.holder.get().gallery is None
    assert not (door.folder / "room" / "gallery.sealed").exists()
    assert list((door.folder / "tmpfs").iterdir()) == []
