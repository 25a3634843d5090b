"""Domain events: past-tense facts, stored with the change that caused them and delivered afterwards.

A domain declares its own in its `events.py`:

    @dataclass(frozen=True, slots=True, kw_only=True)
    class SessionStarted(Event):
        name: ClassVar[str] = "attendance.session_started"
        session_id: UUID

Fields may be UUID, datetime, date, str, int, float, bool, None, and tuples, lists and str-keyed dicts of these.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter

_registry: "dict[str, type[Event]]" = {}
# Made at first use: at declaration the module's later names are not there yet.
_adapters: "dict[str, TypeAdapter[Event]]" = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`event_id` is a UUIDv7 by which a consumer drops repeats; `occurred_time` is the time of the transaction."""

    name: ClassVar[str] = ""

    event_id: UUID
    occurred_time: datetime

    # `super()` without arguments breaks here: a slotted dataclass is a second class, made after this one.
    def __init_subclass__(cls) -> None:
        known = _registry.get(cls.name)
        if not cls.name:
            raise TypeError(f"{cls.__qualname__} needs a class variable `name`, such as 'attendance.session_started'")
        # `dataclass(slots=True)` builds the class twice; the second replaces the first.
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise TypeError(f"two events are named {cls.name}: {known.__qualname__} and {cls.__qualname__}")
        _registry[cls.name] = cls


def to_json(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values, without its name."""
    dumped: dict[str, Any] = _adapter(type(event)).dump_python(event, mode="json")
    return dumped


def from_json(name: str, data: dict[str, Any]) -> Event:
    """The event that `to_json` wrote.

    Raises:
        KeyError: no event of this name is declared (its module is not imported, or it was renamed).
        pydantic.ValidationError: the stored fields are not those of the event.
    """
    return _adapter(_registry[name]).validate_python(data)


def _adapter(event_type: type[Event]) -> TypeAdapter[Event]:
    adapter = _adapters.get(event_type.name)
    if adapter is None:
        adapter = _adapters[event_type.name] = TypeAdapter(event_type)
    return adapter
