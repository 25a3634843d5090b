"""A room agent as a process, with a camera that plays what the story wants, and a cable that can be pulled."""

import json
import re

from provisioning.demo.cast import Person, portrait
from provisioning.demo.processes import DemoFailed, Process, Processes, wait_until
from provisioning.demo.proxy import FaultProxy

START_SECONDS = 60.0
ANSWER_SECONDS = 25.0


class Door:
    def __init__(self, processes: Processes, name: str, *, device_address: str, place: tuple[float, float]) -> None:
        """`device_address` is the hub's device port; the agent reaches it through the cable alone."""
        host, _, port = device_address.rpartition(":")
        self.name = name
        self.device_id = ""
        self.cable = FaultProxy(host, int(port))
        self._processes = processes
        self._place = place
        self._folder = processes.folder / name.replace(" ", "-")
        self._config = self._folder / "agent.toml"
        self._acts = self._folder / "scene" / "acts"
        self._act = 0
        self.process: Process | None = None

    def prepare(self) -> None:
        """Write the settings and an empty scene."""
        self._acts.mkdir(parents=True)
        (self._folder / "scene" / "scene.toml").write_text("", encoding="utf-8")
        latitude, longitude = self._place
        self._config.write_text(
            f"""data_dir = "data"
runtime_dir = "run"

[camera]
kind = "replay"
path = "scene"
width = 640
height = 480
frames_per_second = 10

[recognition]
busy_frames_per_second = 10

[feedback]
screens = ["terminal"]

[position]
kind = "fixed"
latitude = {latitude}
longitude = {longitude}

[uplink]
device_address = "127.0.0.1:{self.cable.start()}"
heartbeat_s = 2
longest_backoff_s = 2
sync_interval_s = 10
""",
            encoding="utf-8",
        )

    def enrol(self, *, hub: str, code: str) -> None:
        """Exchange the claim code for a certificate, as on a real Pi."""
        log = f"{self._folder.name}-enrol"
        self._processes.run(log, "roster-agent", "enrol", "--config", str(self._config), "--hub", hub, "--code", code)

    def start(self) -> None:
        self.process = self._processes.start(self._folder.name, "roster-agent", "run", "--config", str(self._config))

    def walk(self, *people: Person, seconds: float = 7.0, living: bool = True) -> None:
        """People walk up side by side, or a photo of one is held up. Returns at once."""
        self._act += 1
        stills = json.dumps([str(portrait(person.walk)) for person in people])
        act = f"duration_s = {seconds}\npeople = {stills}\nliving = {str(living).lower()}\nsize = 0.42\n"
        # The camera looks at the folder all the time: it must find a whole file.
        draft = self._acts / f"{self._act:03}.draft"
        draft.write_text(act, encoding="utf-8")
        draft.rename(draft.with_suffix(".toml"))

    def wait_empty(self) -> None:
        """Wait until the last act is over."""
        done = self._acts / f"{self._act:03}.done"
        wait_until(f"the scene at the {self.name} ends", done.exists, 60, process=self.process)

    def answers(self) -> list[str]:
        """What the door has said so far, oldest first: "Grace Hopper: You are in, on time · Compilers"."""
        if self.process is None:
            return []
        text = self.process.log.read_text(encoding="utf-8", errors="replace")
        return [line.removeprefix("● ").strip() for line in text.splitlines() if line.startswith("● ")]

    def wait_answer(self, pattern: str, *, after: int) -> str:
        """Wait for an answer that fits, among those after the first `after`."""
        found: list[str] = []

        def has_come() -> bool:
            found[:] = [line for line in self.answers()[after:] if re.search(pattern, line)]
            return bool(found)

        wait_until(f'the {self.name} says "{pattern}"', has_come, ANSWER_SECONDS, process=self.process)
        return found[-1]

    def waiting_events(self) -> tuple[int, int]:
        """What the agent keeps for the hub, and what the hub has refused for ever."""
        log = f"{self._folder.name}-status"
        answer = self._processes.run(log, "roster-agent", "status", "--config", str(self._config), "--json")
        try:
            status = json.loads(answer)
            return int(status["waiting_events"]), int(status["dead_letters"])
        except (ValueError, KeyError) as error:
            raise DemoFailed(f"roster-agent status answered {answer!r}") from error
