"""The hub, the people's terminals and the doors: what the lesson is played on."""

import json
import secrets
from pathlib import Path

from provisioning.demo.cast import GRACE
from provisioning.demo.college import PLACE, ROOM, College, found_college, register_faces, set_policy
from provisioning.demo.doors import START_SECONDS, Door
from provisioning.demo.narrator import AlertListener, Narrator
from provisioning.demo.processes import Process, Processes, free_ports, wait_until
from provisioning.hub_client import HubClient
from provisioning.profile import ProfileStore
from smartroster.devices.v1 import devices_pb2

ADMIN = "admin@college.example"
_PATIENCE_SECONDS = 60.0


class Stage:
    def __init__(self, folder: Path, narrator: Narrator) -> None:
        self.narrator = narrator
        self.processes = Processes(folder)
        self._folder = folder
        self._data_dir = folder / "hub"
        self._config = folder / "hub.toml"
        self._api, self._device, self._enrolment, self._http, self._mqtt = free_ports(5)
        self._hub_process: Process | None = None
        self._trainer_password = secrets.token_urlsafe(18)
        self.college = College()
        place = f"127.0.0.1:{self._device}"
        self.front = Door(self.processes, "front door", device_address=place, place=PLACE)
        self.back = Door(self.processes, "back door", device_address=place, place=PLACE)

    @property
    def doors(self) -> tuple[Door, Door]:
        return self.front, self.back

    def start_hub(self) -> float:
        """Start the hub and wait until it answers; how long that took, in seconds."""
        if not self._config.exists():
            self._config.write_text(
                f'data_dir = "{self._data_dir}"\napi_port = {self._api}\ndevice_port = {self._device}\n'
                f"enrolment_port = {self._enrolment}\nhttp_port = {self._http}\nmqtt_port = {self._mqtt}\n",
                encoding="utf-8",
            )
        self._hub_process = process = self.processes.start("hub", "roster-hub", "--config", str(self._config), "serve")
        return wait_until("the hub answers", lambda: self._endpoints_pid() == process.child.pid, 60, process=process)

    def kill_hub(self) -> None:
        if self._hub_process is not None:
            self.processes.kill(self._hub_process)

    def sign_in_admin(self) -> HubClient:
        """Make the first administrator at the hub, and sign in as anybody would."""
        password = secrets.token_urlsafe(18)
        self.processes.run(
            "hub-admin", "roster-hub", "--config", str(self._config), "create-admin", "--email", ADMIN,
            "--password-stdin", given=f"{password}\n",
        )  # fmt: skip
        return self._sign_in("admin", ADMIN, password)

    def build_college(self, hub: HubClient) -> int:
        """The college with its faces; how many templates there are."""
        self.college = found_college(hub, trainer_password=self._trainer_password)
        set_policy(hub)
        return register_faces(hub, self.college)

    def watch_alerts(self) -> AlertListener:
        """The trainer's phone: `roster alerts watch` with the trainer's own sign-in."""
        self._sign_in("trainer", GRACE.email, self._trainer_password).close()
        process = self.processes.start("alerts", "roster", *self._terminal("trainer"), "alerts", "watch", "--json")
        listener = AlertListener(process.log, self.narrator)
        listener.start()
        return listener

    def install(self, door: Door) -> None:
        """Claim, enrol and start one room agent."""
        door.prepare()
        claim = json.loads(self._admin("devices", "claim", "--room", ROOM, "--name", f"{ROOM} {door.name}", "--json"))
        door.device_id = claim["device"]["id"]
        door.enrol(hub=claim["enrolment_address"], code=claim["claim_code"])
        door.start()

    def wait_for_doors(self, hub: HubClient) -> None:
        """Wait until every agent has told the hub that it is there."""

        def all_online() -> bool:
            devices = hub.items(devices_pb2.ListDevicesRequest(), devices_pb2.ListDevicesResponse)
            online = [one.id for one in devices if one.reach == devices_pb2.Device.REACH_ONLINE]
            return len(online) == len(self.doors)

        wait_until("both agents are online", all_online, START_SECONDS, process=self.back.process)

    def end_lesson(self, session_id: str) -> str:
        """The trainer ends the session on the own terminal; what the command says."""
        return self.processes.run("end", "roster", *self._terminal("trainer"), "sessions", "end", session_id).strip()

    def close(self) -> None:
        self.processes.close()
        for door in self.doors:
            door.cable.close()

    def _sign_in(self, who: str, email: str, password: str) -> HubClient:
        self.processes.run(
            f"{who}-login", "roster", *self._terminal(who), "login", f"127.0.0.1:{self._api}", "--email", email,
            "--password-stdin", "--ca", str(self._data_dir / "ca.pem"), given=f"{password}\n",
        )  # fmt: skip
        store = ProfileStore(self._folder / who, "default")
        return HubClient(store.load(), store, patience_seconds=_PATIENCE_SECONDS)

    def _admin(self, *arguments: str) -> str:
        return self.processes.run("admin", "roster", *self._terminal("admin"), *arguments)

    def _terminal(self, who: str) -> tuple[str, str]:
        return "--config-dir", str(self._folder / who)

    def _endpoints_pid(self) -> int:
        try:
            return int(json.loads((self._data_dir / "endpoints.json").read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError, KeyError):
            return 0
