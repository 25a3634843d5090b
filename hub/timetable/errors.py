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


class TimetableConflict(FailedPrecondition):
    """The entry has hard conflicts; the message names every one, `metadata` holds the entry ids collided with."""
