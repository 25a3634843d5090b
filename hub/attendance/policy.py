"""The windows and tolerances of sessions, as a value. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Windows and tolerances; the fields are those of the API's AttendancePolicy."""

    start_early: timedelta = timedelta(minutes=15)
    start_late: timedelta = timedelta(minutes=30)
    end_early: timedelta = timedelta(minutes=15)
    auto_end_after: timedelta = timedelta(minutes=30)
    late_grace: timedelta = timedelta(minutes=10)
    check_in_early: timedelta = timedelta(minutes=15)
    # On the calibrated scale: one stranger in a thousand reaches 0.5 against one person.
    min_similarity: float = 0.5
    min_start_similarity: float = 0.6
    false_match_rate: float = 0.01
    min_overlap_share: float = 0.5
    longest_backlog_wait: timedelta = timedelta(days=3)
    liveness_challenge: bool = False
    reject_suspect_faces: bool = False
    check_out: bool = False

    def problems(self) -> dict[str, str]:
        """What is wrong with it, by field."""
        found = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, timedelta):
                longest = timedelta(days=90) if field.name == "longest_backlog_wait" else timedelta(hours=12)
                if not timedelta(0) <= value <= longest:
                    found[field.name] = f"must be 0 to {int(longest.total_seconds())} s"
            elif isinstance(value, float) and not 0 <= value <= 1:
                found[field.name] = "must be 0 to 1"
        if not found and not 0 < self.false_match_rate < 1:
            found["false_match_rate"] = "must be more than 0 and less than 1, such as 0.01"
        return found

    def to_json(self) -> dict[str, Any]:
        return {
            field.name: value.total_seconds() if isinstance(value := getattr(self, field.name), timedelta) else value
            for field in fields(self)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Policy":
        """The stored policy; fields that it has not are the defaults."""
        known = {field.name: field.default for field in fields(cls)}
        values: dict[str, Any] = {
            name: timedelta(seconds=value) if isinstance(known[name], timedelta) else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)
