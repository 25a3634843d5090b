import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hub.db.outbox_tables import OutboxEvent
from hub.errors import InvalidArgument
from hub.rpc import fields
from hub.rpc.paging import Key, order_keys, page
from smartroster.faces.v1 import faces_pb2
from smartroster.users.v1 import users_pb2
from tests.fixtures.clock import FakeClock
from tests.fixtures.database import MakeUow


@pytest.mark.parametrize("text", ["", "17", "0190b6f5-7c1e-7d2a-8a3b", "g" * 32])
def test_bad_uuid_is_named_by_its_field(text: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        fields.parse_uuid(text, "trainee.id")
    assert refused.value.violations[0].field == "trainee.id"


def test_optional_uuid_may_be_empty() -> None:
    assert fields.parse_optional_uuid("", "id") is None


def test_times_days_and_durations_survive_the_wire() -> None:
    instant = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
    stamp = fields.to_timestamp(instant)
    assert stamp is not None
    assert fields.from_timestamp(stamp, "start_time") == instant
    duration = fields.to_duration(timedelta(minutes=-1, microseconds=5))
    assert duration is not None
    assert fields.from_duration(duration, "grace") == timedelta(minutes=-1, microseconds=5)
    assert fields.from_date(fields.to_date(date(2028, 2, 29)), "start_date") == date(2028, 2, 29)
    assert fields.to_timestamp(None) is None
    assert fields.to_duration(None) is None


def test_impossible_times_days_and_durations_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="start_time"):
        fields.from_timestamp(Timestamp(seconds=2**60), "start_time")
    for day in ("2026-02-30", "", "20260228", "28.02.2026"):
        with pytest.raises(InvalidArgument, match="start_date"):
            fields.from_date(day, "start_date")
    with pytest.raises(InvalidArgument, match="grace"):
        fields.from_duration(Duration(seconds=2**62), "grace")


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        (users_pb2.SignInRequest(email="a\0", password="\0"), ["email", "password"]),
        (
            users_pb2.BatchCreateUsersRequest(
                requests=[
                    users_pb2.CreateUserRequest(user=users_pb2.User(given_name="Ada")),
                    users_pb2.CreateUserRequest(
                        user=users_pb2.User(
                            family_name="Love\0lace",
                            trainer=users_pb2.TrainerProfile(qualifications=["MSc", "\0"]),
                            trainee=users_pb2.TraineeProfile(guardians=[users_pb2.Guardian(name="Ma\0")]),
                        )
                    ),
                ]
            ),
            [
                "requests[1].user.family_name",
                "requests[1].user.trainee.guardians[0].name",
                "requests[1].user.trainer.qualifications[1]",
            ],
        ),
        (users_pb2.UpdateUserRequest(update_mask={"paths": ["phone", "\0"]}), ["update_mask.paths[1]"]),
    ],
    ids=["plain", "deep", "mask"],
)
def test_each_text_with_a_nul_character_is_named(request_: Message, named: list[str]) -> None:
    with pytest.raises(fields.NulCharacter, match=re.escape(named[0])) as refused:
        fields.refuse_nul(request_)
    assert sorted(violation.field for violation in refused.value.violations) == named


def test_zeros_that_are_no_text_are_let_through() -> None:
    fields.refuse_nul(faces_pb2.RegisterFaceRequest(person_id="ada", photos=[b"\0\0", b"a\0"]))
    fields.refuse_nul(users_pb2.ListUsersRequest(page_size=1 << 21, query="\x01"))


@pytest.mark.parametrize(
    ("paths", "expected"), [([], {"name", "code"}), (["*"], {"name", "code"}), (["code"], {"code"})]
)
def test_mask_names_what_to_update(paths: list[str], expected: set[str]) -> None:
    assert fields.check_mask(FieldMask(paths=paths), ["name", "code"]) == expected


def test_mask_of_what_cannot_be_updated_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="id cannot be updated; these can: code, name"):
        fields.check_mask(FieldMask(paths=["name", "id"]), ["name", "code"])


def test_stale_etag_is_refused_and_an_empty_one_asks_for_no_check() -> None:
    fields.check_etag(3, "3")
    fields.check_etag(3, "")
    with pytest.raises(fields.EtagStale):
        fields.check_etag(3, "2")


async def _fill(make_uow: MakeUow, clock: FakeClock, count: int) -> None:
    async with make_uow() as uow:
        for number in range(count):
            uow.session.add(
                OutboxEvent(
                    event_id=uuid4(),
                    name=f"name {number % 3}",
                    occurred_time=clock.now() + timedelta(hours=number % 4),
                    payload={},
                )
            )


KEYS: list[Key | InstrumentedAttribute[Any]] = [
    Key(OutboxEvent.name),
    Key(OutboxEvent.occurred_time, descending=True),
    OutboxEvent.event_id,
]


async def test_pages_hold_every_row_once_in_order(make_uow: MakeUow, clock: FakeClock) -> None:
    await _fill(make_uow, clock, 23)
    rows: list[OutboxEvent] = []
    token = ""
    sizes = []
    async with make_uow(write=False) as uow:
        while True:
            found, token = await page(uow.session, select(OutboxEvent), page_size=5, page_token=token, keys=KEYS)
            rows += found
            sizes.append(len(found))
            if not token:
                break
    assert sizes == [5, 5, 5, 5, 3]
    assert len({row.event_id for row in rows}) == 23
    assert rows == sorted(rows, key=lambda row: (row.name, -row.occurred_time.timestamp(), row.event_id.bytes))


async def test_rows_added_meanwhile_shift_nothing(make_uow: MakeUow, clock: FakeClock) -> None:
    await _fill(make_uow, clock, 6)
    query = select(OutboxEvent)
    async with make_uow(write=False) as uow:
        first, token = await page(uow.session, query, page_size=3, page_token="", keys=[OutboxEvent.event_id])
    await _fill(make_uow, clock, 10)
    async with make_uow(write=False) as uow:
        rest, _ = await page(uow.session, query, page_size=400, page_token=token, keys=[OutboxEvent.event_id])
    assert not {row.event_id for row in first} & {row.event_id for row in rest}


async def test_token_is_for_its_own_list(make_uow: MakeUow, clock: FakeClock) -> None:
    await _fill(make_uow, clock, 6)
    query = select(OutboxEvent)
    async with make_uow(write=False) as uow:
        _, token = await page(uow.session, query, page_size=2, page_token="", keys=[OutboxEvent.event_id])
        for other, bad in (
            (query.where(OutboxEvent.name == "name 1"), token),
            (query, "garbage"),
            (query, token[:-4]),
            (query, "WyJ4IiwgW1tdXV0"),
        ):
            with pytest.raises(InvalidArgument, match="is not from this list"):
                await page(uow.session, other, page_size=2, page_token=bad, keys=[OutboxEvent.event_id])


@pytest.mark.parametrize(("size", "expected"), [(0, 50), (1, 1), (60, 60), (5000, 64)])
async def test_page_size_has_a_default_and_a_limit(
    make_uow: MakeUow, clock: FakeClock, size: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.rpc.paging.MAX_PAGE_SIZE", 64)
    await _fill(make_uow, clock, 70)
    async with make_uow(write=False) as uow:
        rows, _ = await page(
            uow.session, select(OutboxEvent), page_size=size, page_token="", keys=[OutboxEvent.event_id]
        )
        assert len(rows) == expected
        with pytest.raises(InvalidArgument, match="page_size"):
            await page(uow.session, select(OutboxEvent), page_size=-1, page_token="", keys=[OutboxEvent.event_id])


async def test_a_list_is_sorted_as_asked(make_uow: MakeUow, clock: FakeClock) -> None:
    await _fill(make_uow, clock, 12)
    columns = {"name": OutboxEvent.name, "time": OutboxEvent.occurred_time}
    async with make_uow(write=False) as uow:
        keys = order_keys("time desc, name", columns, unique=OutboxEvent.event_id)
        rows, _ = await page(uow.session, select(OutboxEvent), page_size=50, page_token="", keys=keys)
    assert rows == sorted(rows, key=lambda row: (-row.occurred_time.timestamp(), row.name, row.event_id.bytes))
    assert [(key.column.key, key.descending) for key in order_keys("", columns, unique=OutboxEvent.name)] == [
        ("name", False)
    ]


@pytest.mark.parametrize("order_by", ["title", "name down", "name, name desc", "name,", ","])
def test_what_a_list_cannot_be_sorted_by_is_told(order_by: str) -> None:
    with pytest.raises(InvalidArgument, match="give name"):
        order_keys(order_by, {"name": OutboxEvent.name}, unique=OutboxEvent.event_id)
