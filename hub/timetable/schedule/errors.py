from hub.errors import FailedPrecondition, InvalidArgument, NotFound, ResourceExhausted


class TrainerNotFound(NotFound):
    pass


class FeedSubjectNotFound(NotFound):
    """There is nothing such, or the caller may not read all of its timetable."""


class FeedNotFound(NotFound):
    pass


class TooManyFeeds(ResourceExhausted):
    pass


class SchedulePeriodInvalid(InvalidArgument):
    pass


class NothingToExport(FailedPrecondition):
    pass
