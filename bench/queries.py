"""`python -m bench.queries [--json]`: SQL statements of each list and statistics RPC, in a small school and a college.

A hub on SQLite is filled twice by `roster seed`'s generator; then every RPC that answers lists is asked for its largest
page, and the statements that its own call causes are counted. As many in both schools means: no statement a row.
"""

import argparse
import asyncio
import contextlib
import itertools
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from sqlalchemy import Engine, event

from bench.report import Figure, Report
from bench.rig import HubProcess
from hub.app import Hub
from hub.rpc.auth import current_scope
from hub.rpc.permissions import ADMIN, PERMISSIONS
from hub.settings import load
from provisioning.errors import HubRefused
from provisioning.hub_client import HubClient, new_request_id
from provisioning.seed.college import SIZES, College, Size, make_college
from provisioning.seed.upload import upload
from smartroster.courses.v1 import enrolments_pb2
from smartroster.school.v1 import school_pb2
from smartroster.timetable.v1 import timetable_pb2, versions_pb2

LARGEST_PAGE = 400
_TYPICAL: dict[str, str | int] = {
    "start_time_of_day": "08:00",
    "end_time_of_day": "09:00",
    "weekday": 1,
    "country": "KE",
}
READS = ("Get", "List", "Find", "Check", "Suggest", "Search")


def reading_methods() -> list[MethodDescriptor]:
    """Every unary RPC that an administrator may call and that answers a list."""
    pool = descriptor_pool.Default()
    methods = (pool.FindMethodByName(name[1:].replace("/", ".")) for name, may in PERMISSIONS.items() if ADMIN in may)
    return [
        method
        for method in methods
        if method.name.startswith(READS)
        and not method.server_streaming
        and any(field.is_repeated and field.message_type for field in method.output_type.fields)
    ]


def college_of_today(size: Size) -> College:
    """The college with its first term begun two weeks ago, so that the hub's horizon has lessons in it."""
    start = datetime.now(UTC).date() - timedelta(weeks=2)
    year_end = start + timedelta(days=364)
    made = make_college(size, seed=1, start_year=start.year)
    shift = start - made.terms[0].start_date
    terms = tuple(
        replace(term, start_date=term.start_date + shift, end_date=term.end_date + shift) for term in made.terms
    )
    return replace(made, start_date=start, end_date=year_end, terms=terms)


def plan_lessons(client: HubClient) -> dict[str, str]:
    """Publish a plan with a lesson for each enrolment of the first term that fits at eight in the morning; answers ids
    of what it is about, by the names of fields that ask for them.
    """
    terms = client.items(school_pb2.ListTermsRequest(), school_pb2.ListTermsResponse)
    term = next(term for term in terms if term.number == 1)
    rooms = list(client.items(timetable_pb2.ListRoomsRequest(), timetable_pb2.ListRoomsResponse))
    version = client.call(
        versions_pb2.CreateTimetableVersionRequest(request_id=new_request_id(), term_id=term.id, empty=True),
        versions_pb2.TimetableVersion,
    )
    taught: dict[str, int] = {}
    request = enrolments_pb2.ListEnrolmentsRequest(term_id=term.id)
    enrolments = list(client.items(request, enrolments_pb2.ListEnrolmentsResponse))
    for enrolment in enrolments:
        weekday = taught[enrolment.class_group_id] = taught.get(enrolment.class_group_id, 0) + 1
        entry = timetable_pb2.TimetableEntry(
            version_id=version.id,
            enrolment_id=enrolment.id,
            room_id=rooms[len(taught) % len(rooms)].id,
            weekday=weekday,
            start_time_of_day="08:00",
            end_time_of_day="09:00",
            session_type=timetable_pb2.SESSION_TYPE_THEORY,
            kind=timetable_pb2.TimetableEntry.KIND_RECURRING,
            start_date=term.start_date,
            end_date=term.end_date,
            outside_day_pattern=True,
        )
        # One whose trainer or room is taken is left out: a few lessons are enough.
        with contextlib.suppress(HubRefused):
            client.call(
                timetable_pb2.CreateTimetableEntryRequest(request_id=new_request_id(), timetable_entry=entry),
                timetable_pb2.TimetableEntry,
            )
    client.call(
        versions_pb2.PublishTimetableRequest(term_id=term.id, timetable_version_id=version.id),
        versions_pb2.PublishTimetableResponse,
    )
    return {"term_id": term.id, "enrolment_id": enrolments[0].id}


class StatementCounter:
    """Counts what is sent to the database for RPCs; statements of the hub's own tasks are not among them."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self._last: object = None

    @contextlib.contextmanager
    def listening(self) -> Iterator["StatementCounter"]:
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, cursor: object, statement: str, *_: object) -> None:
        # The engine that reads tells the listeners of the one that writes, too: a listener of both hears it twice.
        if cursor is self._last:
            return
        self._last = cursor
        with contextlib.suppress(LookupError):  # outside of a call
            current_scope()
            self.statements.append(statement)


@contextlib.contextmanager
def hub_in_thread(folder: Path) -> Iterator[HubClient]:
    """A hub in this process, where its statements can be counted, and an administrator signed in to it."""
    rig = HubProcess(folder)
    rig.create_admin()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ports: dict[str, Any] = {f"{name}_port": port for name, port in rig.ports.items()}
    hub = asyncio.run_coroutine_threadsafe(Hub.start(load(data_dir=rig.data_dir, **ports)), loop).result(60)
    try:
        yield rig.client()
    finally:
        asyncio.run_coroutine_threadsafe(hub.stop(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class Asker:
    """Fills requests with ids of the school that is there: what a refusal names, it gets."""

    def __init__(self, client: HubClient, known: dict[str, str]) -> None:
        self._client = client
        self._known = known

    def request(self, method: MethodDescriptor) -> Message:
        """The request for the largest page, with as many ids as the hub asks for.

        Raises:
            HubRefused: the request needs something that is not known here.
        """
        request: Message = message_factory.GetMessageClass(method.input_type)()
        if "page_size" in method.input_type.fields_by_name:
            setattr(request, "page_size", LARGEST_PAGE)  # noqa: B010 (known by its descriptor alone)
        while True:
            try:
                self._learn(self._client.call(request, message_factory.GetMessageClass(method.output_type)))
            except HubRefused as refusal:
                missing = [violation.field for violation in refusal.violations]
                if not missing or not all(self._fill(request, name) for name in missing):
                    raise
            else:
                return request

    def _learn(self, answer: Any) -> None:  # noqa: ANN401 (any message)
        """Remember the ids of what was listed: the first department's id is what `department_id` asks for."""
        for field, value in answer.ListFields():
            if field.is_repeated and field.message_type and "id" in field.message_type.fields_by_name:
                self._known.setdefault(f"{_snake(field.message_type.name)}_id", value[0].id)
                for part, name in ((part, field.name) for field, part in value[0].ListFields()):
                    if name.endswith("_id") and isinstance(part, str):
                        self._known.setdefault(name, part)
        if "user_id" in self._known:
            self._known.setdefault("person_id", self._known["user_id"])

    def _fill(self, request: Any, path: str) -> bool:  # noqa: ANN401 (any message)
        *parents, name = path.split(".")
        for parent in parents:
            request = getattr(request, parent)
        field: FieldDescriptor | None = request.DESCRIPTOR.fields_by_name.get(name)
        if field is None or field.is_repeated or getattr(request, name):
            return False
        value = self._value(field)
        if value is not None:
            setattr(request, name, value)
        return value is not None

    def _value(self, field: FieldDescriptor) -> str | int | None:
        if field.enum_type is not None:
            return max(field.enum_type.values_by_number)
        if field.name.endswith("_date") or field.name == "date":
            return datetime.now(UTC).date().isoformat()
        typical = _TYPICAL.get(field.name)
        return self._known.get(field.name) if typical is None else typical


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class Count(NamedTuple):
    rows: int
    statements: int


class QueriesNotAsked(RuntimeError):
    """RPCs that need a request which this bench does not know how to fill."""


def count(size: Size, folder: Path) -> dict[str, Count]:
    """Rows of the longest list and statements, by RPC."""
    counted: dict[str, Count] = {}
    refusals: dict[str, str] = {}
    with hub_in_thread(folder) as client, StatementCounter().listening() as counter:
        upload(client, college_of_today(size))
        asker = Asker(client, plan_lessons(client))
        methods = reading_methods()
        # Twice: the first round learns the ids that the second one needs.
        for method in itertools.chain(methods, methods):
            try:
                request = asker.request(method)
            except HubRefused as refusal:
                refusals[method.full_name] = f"{refusal.message} {refusal.violations}"
                continue
            refusals.pop(method.full_name, None)
            counter.statements.clear()
            answer: Any = client.call(request, message_factory.GetMessageClass(method.output_type))
            rows = max((len(value) for field, value in answer.ListFields() if field.is_repeated), default=0)
            counted[method.full_name] = Count(rows, len(counter.statements))
    if refusals:
        raise QueriesNotAsked("\n".join(f"{name}: {refusal}" for name, refusal in refusals.items()))
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="college")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    report = Report("queries")
    with tempfile.TemporaryDirectory() as folder:
        small = count(SIZES["small"], Path(folder) / "small")
        large = count(SIZES[arguments.size], Path(folder) / "large")
    for name, found in large.items():
        before = small[name]
        service, _, method = name.removeprefix("smartroster.").rpartition(".")
        figure = f"{service.split('.')[0]}_{_snake(method)}_statements"
        ratio = found.statements / before.statements if before.statements else 1.0
        report.figures[figure] = Figure(found.statements, "", before.statements, ratio, "<= 1")
        report.notes.append(f"{figure}: {before.rows} rows, then {found.rows}")
    report.print(as_json=arguments.json)


if __name__ == "__main__":
    main()
