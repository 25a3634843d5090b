from hub.errors import FailedPrecondition, NotFound, Unavailable


class JobNotFound(NotFound):
    pass


class JobEnded(FailedPrecondition):
    pass


class JobHubLost(Unavailable):
    """The hub that ran the job died or stopped, and the job's kind is not run again by itself."""


class JobLeaseLost(Unavailable):
    """This hub was away for longer than its lease: the job belongs to another one now."""
