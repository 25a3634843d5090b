"""Request fields to Python values and back; a bad one is an `InvalidArgument` that names the field and the fix."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from hub.errors import Aborted, FieldViolation, InvalidArgument

_MIN_TIME = datetime(1, 1, 2, tzinfo=UTC)


class EtagStale(Aborted):
    pass


class NulCharacter(InvalidArgument):
    """PostgreSQL stores no NUL character, and no person writes one."""


def refuse_nul(request: Message) -> None:
    """Refuse a request with a NUL character in any of its texts, however deep.

    Raises:
        NulCharacter: names each such field.
    """
    # Most requests have no such byte at all, and serializing one takes less time than a walk through it.
    if b"\0" not in request.SerializeToString():
        return
    violations = [
        FieldViolation(field, "has a NUL character, which no text may have: delete it") for field in _with_nul(request)
    ]
    if violations:
        told = ", ".join(violation.field for violation in violations[:3])
        raise NulCharacter(f"{told}: {violations[0].description}.", violations=violations)


def _with_nul(message: Message) -> Iterator[str]:
    """The paths of the texts with a NUL character, such as "requests[3].user.given_name"."""
    for field, value in message.ListFields():
        if field.type not in (FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_MESSAGE):
            continue
        if isinstance(value, str | Message):
            values = [(field.name, value)]
        else:
            values = [(f"{field.name}[{i}]", one) for i, one in enumerate(value)]
        for path, one in values:
            if isinstance(one, str):
                if "\0" in one:
                    yield path
            else:
                yield from (f"{path}.{deeper}" for deeper in _with_nul(one))


def parse_uuid(value: str, field: str) -> UUID:
    """The id; InvalidArgument when it is empty or not a UUID."""
    parsed = parse_optional_uuid(value, field)
    if parsed is None:
        raise InvalidArgument.of(field, "is required: give a UUID such as 0190b6f5-7c1e-7d2a-8a3b-1c2d3e4f5a6b")
    return parsed


def parse_optional_uuid(value: str, field: str) -> UUID | None:
    """The id, None when the field is empty; InvalidArgument when it is not a UUID."""
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise InvalidArgument.of(
            field, "is not a UUID: give one such as 0190b6f5-7c1e-7d2a-8a3b-1c2d3e4f5a6b"
        ) from None


def to_timestamp(value: datetime | None) -> Timestamp | None:
    """The aware instant on the wire; None stays unset (protobuf constructors take None as absent)."""
    if value is None:
        return None
    stamp = Timestamp()
    stamp.FromDatetime(value.astimezone(UTC))
    return stamp


def from_timestamp(value: Timestamp, field: str) -> datetime:
    """The aware UTC instant, to the microsecond; InvalidArgument when it is outside of years 1 to 9999."""
    try:
        parsed = value.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        parsed = None
    if parsed is None or parsed < _MIN_TIME:
        raise InvalidArgument.of(field, "is no time of the calendar: give an instant in UTC") from None
    return parsed


def to_duration(value: timedelta | None) -> Duration | None:
    if value is None:
        return None
    duration = Duration()
    duration.FromTimedelta(value)
    return duration


def from_duration(value: Duration, field: str) -> timedelta:
    """The duration, to the microsecond; InvalidArgument when Python cannot hold it."""
    try:
        return timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    except OverflowError:
        raise InvalidArgument.of(field, "is too long a duration") from None


def to_date(value: date | None) -> str:
    """The day as ISO 8601; "" for None."""
    return "" if value is None else value.isoformat()


def from_date(value: str, field: str) -> date:
    """The day; InvalidArgument when it is empty or not of the form YYYY-MM-DD."""
    # `date.fromisoformat` alone would also take 20260907 and 2026-W37-1.
    with contextlib.suppress(ValueError):
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    raise InvalidArgument.of(field, "is no day of the calendar: give it as YYYY-MM-DD, such as 2026-09-07")


def from_optional_date(value: str, field: str) -> date | None:
    """`from_date`, None when the field is empty."""
    return from_date(value, field) if value else None


def check_mask(mask: FieldMask, allowed: Iterable[str]) -> frozenset[str]:
    """The fields to update; an empty mask or "*" means all of `allowed` (AIP-134).

    Raises:
        InvalidArgument: the mask names a field that cannot be updated.
    """
    allowed = frozenset(allowed)
    paths = frozenset(mask.paths)
    if not paths or paths == {"*"}:
        return allowed
    unknown = sorted(paths - allowed)
    if unknown:
        raise InvalidArgument.of(
            "update_mask", f"{', '.join(unknown)} cannot be updated; these can: {', '.join(sorted(allowed))}"
        )
    return paths


def check_etag(current: int, given: str) -> None:
    """Refuse a change made from an old reading; an empty `given` asks for no check (AIP-154).

    Raises:
        EtagStale: someone changed the object since it was read.
    """
    if given and given != str(current):
        raise EtagStale("This was changed since you read it: read it again and repeat your change.")
