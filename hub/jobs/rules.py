"""States of a job, and what becomes of one whose hub is gone. Pure."""

import enum
from datetime import timedelta

LEASE = timedelta(seconds=30)
MAX_ATTEMPTS = 3


class JobState(enum.Enum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def has_ended(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


class WhenHubIsLost(enum.Enum):
    """RUN_AGAIN: the job begins anew at another hub, at most three times. FAIL: its owner begins a new one."""

    RUN_AGAIN = "RUN_AGAIN"
    FAIL = "FAIL"


def may_run_again(choice: WhenHubIsLost, attempts: int) -> bool:
    """Whether a job that was begun `attempts` times is begun once more after its hub was lost.

    Not for ever: it may be the job that brings its hubs down.
    """
    return choice is WhenHubIsLost.RUN_AGAIN and attempts < MAX_ATTEMPTS
