"""What the room knows: configuration, schedule and gallery, fetched from the hub, kept on disk, put in force."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import structlog
from google.protobuf.message import DecodeError, Message

from edge_agent import fail_points
from edge_agent.alarms import AlarmBoard
from edge_agent.files import write_whole
from edge_agent.observations import RoomStateHolder
from edge_agent.uplink import messages
from edge_agent.uplink.gallery_vault import GalleryKey, GalleryVault
from edge_agent.uplink.messages import BadRoomData
from presence.faces.calibration import DEFAULT_FALSE_MATCH_RATE, Calibration
from presence.faces.match import Gallery
from smartroster.attendance.v1 import room_pb2 as pb
from smartroster.attendance.v1 import room_pb2_grpc as pb_grpc

_TIMEOUT_S = 30.0
Kind = TypeVar("Kind", bound=Message)

_log = structlog.get_logger("edge_agent.room")


class RoomSync:
    """Keeps `holder` as the hub says. Bad data is refused and told; what was in force stays in force."""

    def __init__(
        self,
        folder: Path,
        vault: GalleryVault,
        holder: RoomStateHolder,
        *,
        engine_id: str,
        model_sha256: str,
        calibration: Calibration,
        alarms: AlarmBoard,
    ) -> None:
        self._config_file, self._schedule_file = folder / "config.pb", folder / "schedule.pb"
        self._folder = folder
        self._vault = vault
        self._holder = holder
        self._engine_id = engine_id
        self._model_sha256 = model_sha256
        self._calibration = calibration
        self._alarms = alarms
        self._people: dict[UUID, pb.GalleryPerson] = {}
        self._to_acknowledge: set[str] = set()
        self._acknowledged_version = 0
        self.config_error = ""
        """Why the newest configuration was refused; empty when it is in force."""

    def load(self) -> None:
        """Put what is on disk in force; what can't be read is fetched anew later."""
        config = _read(self._config_file, pb.RoomConfig)
        schedule = _read(self._schedule_file, pb.RoomSchedule)
        try:
            if config is not None:
                self._holder.change(config=messages.room_config(config, check_engine=self._check_engine))
            if schedule is not None:
                self._holder.change(schedule=messages.room_schedule(schedule))
        except BadRoomData as error:
            _log.warning("room data on disk can't be used", error=str(error))
        self._load_gallery()

    def _load_gallery(self) -> None:
        content = self._vault.open()
        if content is None:
            return
        try:
            kept = pb.SyncGalleryResponse.FromString(content)
            self._people = _people(kept)
            self._put_gallery(kept.version)
        except (DecodeError, BadRoomData) as error:
            _log.warning("the gallery on disk can't be used", error=str(error))
            self._people = {}
            return
        self._to_acknowledge = set(kept.removals)

    async def sync(self, stub: pb_grpc.RoomServiceStub) -> None:
        """Fetch what is new.

        Raises:
            grpc.aio.AioRpcError: the hub can't be reached or refuses.
            OSError: the disk can't be written; all of it is fetched again next time.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._sync_config(stub)
        await self._sync_schedule(stub)
        await self._sync_gallery(stub)

    async def _sync_config(self, stub: pb_grpc.RoomServiceStub) -> None:
        message = await stub.GetRoomConfig(pb.GetRoomConfigRequest(), timeout=_TIMEOUT_S)
        former = self._holder.get().config
        try:
            config = messages.room_config(message, check_engine=self._check_engine)
        except BadRoomData as error:
            if self.config_error != str(error):
                _log.error("configuration refused", version=message.version, error=str(error))
            self.config_error = str(error)
            return
        self.config_error = ""
        if config == former:
            return
        write_whole(self._config_file, message.SerializeToString())
        self._holder.change(config=config)
        _log.info("configuration in force", version=config.version, room=config.room_code)
        if former is None or former.policy.false_match_rate != config.policy.false_match_rate:
            self._put_gallery(self._holder.get().gallery_version)

    async def _sync_schedule(self, stub: pb_grpc.RoomServiceStub) -> None:
        message = await stub.GetRoomSchedule(pb.GetRoomScheduleRequest(), timeout=_TIMEOUT_S)
        try:
            schedule = messages.room_schedule(message)
        except BadRoomData as error:
            self._alarms.put_up("SCHEDULE_REFUSED", str(error))
            return
        self._alarms.take_down("SCHEDULE_REFUSED")
        if schedule == self._holder.get().schedule:
            return
        write_whole(self._schedule_file, message.SerializeToString())
        self._holder.change(schedule=schedule)
        _log.info("schedule in force", version=schedule.version, sessions=len(schedule.sessions))

    async def _sync_gallery(self, stub: pb_grpc.RoomServiceStub) -> None:
        await self._fetch_key(stub)
        if not self._people:
            self._load_gallery()
        known = self._holder.get().gallery_version
        answer = await stub.SyncGallery(
            pb.SyncGalleryRequest(known_version=known, engine=self._engine_id), timeout=_TIMEOUT_S
        )
        if answer.version != known or answer.full or answer.upserts or answer.removals:
            try:
                self._take_gallery(answer)
            except BadRoomData as error:
                self._alarms.put_up("GALLERY_REFUSED", str(error))
                return
        self._alarms.take_down("GALLERY_REFUSED")
        await self._acknowledge(stub, answer.version)

    async def _fetch_key(self, stub: pb_grpc.RoomServiceStub) -> None:
        answer = await stub.GetGalleryKey(pb.GetGalleryKeyRequest(), timeout=_TIMEOUT_S)
        key = GalleryKey(answer.key_id, answer.key)
        if key == self._vault.key:
            return
        self._vault.take_key(key)
        if self._people:
            self._store(self._holder.get().gallery_version)

    def _take_gallery(self, answer: pb.SyncGalleryResponse) -> None:
        if answer.model_sha256 not in {"", self._model_sha256}:
            raise BadRoomData(
                f"The gallery was made with another model of {self._engine_id}: bring both to one version."
            )
        changed = _people(answer)
        for person in changed.values():
            messages.encodings(person)
        removed = {UUID(person_id) for person_id in answer.removals}
        before = self._people
        if answer.full:
            after = changed
            removed |= before.keys() - changed.keys()
        else:
            after = {person_id: person for person_id, person in before.items() if person_id not in removed} | changed
        former, self._people = self._people, after
        # An erasure is told until the hub has heard it, also when the power goes in between.
        self._to_acknowledge |= {str(person_id) for person_id in removed}
        try:
            self._store(answer.version)
        except OSError:
            self._people = former
            raise
        fail_points.reach("gallery.before_acknowledgement")
        self._put_gallery(answer.version)
        _log.info("gallery in force", version=answer.version, people=len(after), removed=len(removed))

    async def _acknowledge(self, stub: pb_grpc.RoomServiceStub, version: int) -> None:
        if not self._to_acknowledge and self._acknowledged_version == version:
            return
        await stub.AcknowledgeGallery(
            pb.AcknowledgeGalleryRequest(version=version, erased_person_ids=sorted(self._to_acknowledge)),
            timeout=_TIMEOUT_S,
        )
        self._acknowledged_version = version
        if self._to_acknowledge:
            self._to_acknowledge.clear()
            self._store(version)

    def _store(self, version: int) -> None:
        kept = pb.SyncGalleryResponse(
            version=version,
            full=True,
            upserts=self._people.values(),
            removals=sorted(self._to_acknowledge),
            model_sha256=self._model_sha256,
        )
        self._vault.seal(kept.SerializeToString())

    def _put_gallery(self, version: int) -> None:
        config = self._holder.get().config
        rate = config.policy.false_match_rate if config else DEFAULT_FALSE_MATCH_RATE
        people = {person_id: messages.encodings(person) for person_id, person in self._people.items()}
        self._holder.change(
            gallery=Gallery(self._calibration, people, false_match_rate=rate) if version else None,
            gallery_version=version,
            names=messages.names(self._people),
        )

    def destroy(self) -> None:
        """Erase the gallery everywhere: this device is no longer the hub's."""
        if self._vault.key is None and self._vault.sealed_with is None:
            return
        _log.error("the gallery is erased")
        self._people.clear()
        self._vault.destroy()
        self._put_gallery(0)

    def _check_engine(self, engine_id: str, model_sha256: str) -> None:
        if engine_id != self._engine_id:
            raise BadRoomData(
                f'The room wants engine "{engine_id}" and this agent runs "{self._engine_id}": '
                f'set recognition.engine = "{engine_id}" in agent.toml, or change the room.'
            )
        if model_sha256 not in {"", self._model_sha256}:
            raise BadRoomData(
                f"The hub's {engine_id} model is another than this agent's: bring agent and hub to the same version."
            )


def _people(message: pb.SyncGalleryResponse) -> dict[UUID, pb.GalleryPerson]:
    try:
        return {UUID(person.person_id): person for person in message.upserts}
    except ValueError as error:
        raise BadRoomData("The gallery can't be used: a person's id is none.") from error


def _read(path: Path, kind: Callable[[], Kind]) -> Kind | None:
    try:
        message = kind()
        message.ParseFromString(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, DecodeError) as error:
        _log.warning("room data on disk can't be read", file=path.name, error=str(error))
        return None
    return message
