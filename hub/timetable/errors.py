from hub.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied


class RoomNotFound(NotFound):
    pass


class RoomCodeTaken(AlreadyExists):
    pass


class RoomInUse(FailedPrecondition):
    """Entries or sessions name the room."""


class GeofenceInvalid(InvalidArgument):
    pass


class AvailabilityOverlap(InvalidArgument):
    pass


class NotOwnAvailability(PermissionDenied):
    pass


class DayPatternInvalid(InvalidArgument):
    pass


class TimetablePolicyInvalid(InvalidArgument):
    pass


class TrainerAbsenceNotFound(NotFound):
    pass


class TrainerAbsencesOverlap(InvalidArgument):
    pass


class TimetableEntryNotFound(NotFound):
    pass


class TimetableEntryInvalid(InvalidArgument):
    pass


class TimetableEntryNotDraft(FailedPrecondition):
    pass


class TimetableVersionNotFound(NotFound):
    pass


class TimetableVersionNotDraft(FailedPrecondition):
    pass


class NothingPublished(FailedPrecondition):
    """A temporary entry needs a published plan to be part of."""


class GenerationImpossible(FailedPrecondition):
    pass


class SuggestionImpossible(FailedPrecondition):
    """It is about a lesson that is none of the weekly ones in the day pattern."""


class ResolutionImpossible(FailedPrecondition):
    """There is no plan to mend, or what is pinned speaks against every one."""


class ResolutionNotReady(FailedPrecondition):
    """The job has no offers, or not that one."""


class ResolutionStale(FailedPrecondition):
    """What was offered does not hold any more."""


class TimetableConflict(FailedPrecondition):
    """The entry has hard conflicts; the message names every one, `metadata` holds the entry ids collided with."""
