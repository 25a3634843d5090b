"""Windows and tolerances: one value, stored with a session when it starts. Pure."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Durations from or to the planned times; similarities on the calibrated scale 0..1."""

    start_early: timedelta = timedelta(minutes=15)
    start_late: timedelta = timedelta(minutes=30)
    end_early: timedelta = timedelta(minutes=15)
    auto_end_after: timedelta = timedelta(minutes=30)
    late_grace: timedelta = timedelta(minutes=10)
    check_in_early: timedelta = timedelta(minutes=15)
    min_similarity: float = 0.5
    min_start_similarity: float = 0.5
    false_match_rate: float = 0.01
    min_overlap_share: float = 0.5
    longest_backlog_wait: timedelta = timedelta(days=7)
    liveness_challenge: bool = False
    reject_suspect_faces: bool = False
    check_out: bool = False

    def to_json(self) -> dict[str, Any]:
        """Durations as seconds."""
        return {
            field.name: value.total_seconds() if isinstance(value, timedelta) else value
            for field in fields(self)
            for value in [getattr(self, field.name)]
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Policy":
        """What `to_json` wrote; fields added since get their defaults."""
        known = {field.name: field.type for field in fields(cls)}
        values: dict[str, Any] = {
            name: timedelta(seconds=value) if known[name] is timedelta else value
            for name, value in stored.items()
            if name in known
        }
        return cls(**values)

    def problems(self) -> dict[str, str]:
        """What is wrong with the values, by field: nothing when they can be used."""
        found = {
            field.name: "must not be negative"
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), timedelta) and value < timedelta(0)
        }
        for name in ("min_similarity", "min_start_similarity", "min_overlap_share"):
            if not 0 <= getattr(self, name) <= 1:
                found[name] = "must be 0 to 1"
        if not 0 < self.false_match_rate <= 0.2:  # noqa: PLR2004 (one stranger in five would be let in)
            found["false_match_rate"] = "must be more than 0 and at most 0.2"
        return found
