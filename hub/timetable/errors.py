from hub.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound


class RoomNotFound(NotFound):
    pass


class RoomCodeTaken(AlreadyExists):
    pass


class GeofenceInvalid(InvalidArgument):
    pass


class TimetableEntryNotFound(NotFound):
    pass


class TimetableEntryNotDraft(FailedPrecondition):
    pass


class TimetableConflict(FailedPrecondition):
    """The entry collides with others; the message names every collision, `metadata` holds their entry ids."""
