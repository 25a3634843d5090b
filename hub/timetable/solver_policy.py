"""The school's timetable policy in the solver's rules. Pure."""

from hub.timetable.policy import ConflictRule, TimetablePolicy
from hub.timetable.solver.policy import Policy, Rule

_EITHER = {
    ConflictRule.ROOM_CAPACITY: Rule.ROOM_CAPACITY,
    ConflictRule.ROOM_DAILY_BOOKINGS: Rule.ROOM_DAILY_LOAD,
    ConflictRule.GROUP_DAILY_LOAD: Rule.GROUP_DAILY_LOAD,
    ConflictRule.TRAINER_DAILY_LOAD: Rule.TRAINER_DAILY_LOAD,
    ConflictRule.GROUP_CONSECUTIVE: Rule.GROUP_CONSECUTIVE,
    ConflictRule.TRAINER_CONSECUTIVE: Rule.TRAINER_CONSECUTIVE,
}
_WEIGHED = {
    "spread": Rule.MIN_WORKING_DAYS,
    "lone_hour": Rule.GROUP_LONE_PERIOD,
    "group_gap": Rule.GROUP_GAP,
    "trainer_gap": Rule.TRAINER_GAP,
    "lunch": Rule.LUNCH,
    "room_stability": Rule.ROOM_STABILITY,
    "not_preferred": Rule.PREFERRED,
    "room_fit": Rule.ROOM_FIT,
}


def solver_policy(policy: TimetablePolicy, *, resemble: bool) -> Policy:
    """The school's policy in the solver's rules. Those that a rule of `conflicts` covers but no plan can change (weekly
    load) are left to the conflicts.
    """
    weights = {rule: policy.weights.get(name, 0) for name, rule in _WEIGHED.items()}
    weights |= {rule: policy.weight(ours) for ours, rule in _EITHER.items() if ours not in policy.hard}
    if resemble:
        weights[Rule.MOVED] = max(1, policy.weights.get("moved", 0))
    return Policy(
        hard=frozenset(rule for ours, rule in _EITHER.items() if ours in policy.hard),
        weights={rule: weight for rule, weight in weights.items() if weight},
    )
