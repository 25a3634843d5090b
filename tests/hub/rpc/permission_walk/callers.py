"""Who calls in the walk: what each holds, and how far that lets them see."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.rpc.permissions import ADMIN, DP_ACADEMICS, HOD, PERMISSIONS, TRAINEE, TRAINER, Reach


class Nearness(enum.Enum):
    """OWN: the class group of the TRAINEE, taught by the TRAINER, in the department of the HOD who call.
    BESIDE: another class group of that department, of another trainer. FAR: another department.
    """

    OWN = "own"
    BESIDE = "other's in the department"
    FAR = "other's in another department"


_SEEN: Mapping[Reach, frozenset[Nearness]] = {
    Reach.SELF: frozenset({Nearness.OWN}),
    Reach.TAUGHT: frozenset({Nearness.OWN}),
    Reach.DEPARTMENT: frozenset({Nearness.OWN, Nearness.BESIDE}),
    Reach.SCHOOL: frozenset(Nearness),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """`sides` tells which side of the college stands where for this caller, `seen` how far each reach goes."""

    roles: frozenset[str]
    sides: Mapping[Nearness, Nearness] = field(default_factory=lambda: {near: near for near in Nearness})
    seen: Mapping[Reach, frozenset[Nearness]] = field(default_factory=lambda: _SEEN)

    def reaches(self, method: str) -> frozenset[Reach]:
        """How far the table lets the caller see through the method: as far as all the roles together."""
        permission = PERMISSIONS[method]
        return frozenset(permission[role] for role in self.roles if role in permission)


TRAINER_AND_HOD = "TRAINER and HOD"
TRAINER_AND_DEPUTY = "TRAINER and DP_ACADEMICS"

CALLERS: Mapping[str, Caller] = {
    **{role: Caller(frozenset({role})) for role in (TRAINEE, TRAINER, HOD, DP_ACADEMICS, ADMIN)},
    # Teaches in one department and heads the other, so that each role sees what the other does not: OWN is what is
    # taught, BESIDE the department that is headed, FAR neither.
    TRAINER_AND_HOD: Caller(
        frozenset({TRAINER, HOD}),
        sides={Nearness.OWN: Nearness.BESIDE, Nearness.BESIDE: Nearness.FAR, Nearness.FAR: Nearness.OWN},
        seen={**_SEEN, Reach.DEPARTMENT: frozenset({Nearness.BESIDE})},
    ),
    # Teaches nobody at present.
    TRAINER_AND_DEPUTY: Caller(frozenset({TRAINER, DP_ACADEMICS}), seen={**_SEEN, Reach.TAUGHT: frozenset()}),
}
