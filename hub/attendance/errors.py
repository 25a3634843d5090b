from hub.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied


class SessionNotFound(NotFound):
    pass


class AttendanceRecordNotFound(NotFound):
    pass


class SessionStateConflict(FailedPrecondition):
    """The session cannot go from its state to the wanted one; the message names both."""


class OutsideStartWindow(FailedPrecondition):
    pass


class OutsideEndWindow(FailedPrecondition):
    pass


class NotInRoom(FailedPrecondition):
    """The position is outside the room's geofence, or not accurate enough to tell."""


class FaceNotAlike(FailedPrecondition):
    pass


class NotTrainerOfSession(PermissionDenied):
    pass


class SessionConflict(FailedPrecondition):
    """The room, the trainer or the class group has another session then; `metadata` holds the ids."""


class TraineeNotExpected(FailedPrecondition):
    pass


class RecordLocked(FailedPrecondition):
    """The register of the session is closed to corrections."""


class TooManyEvents(InvalidArgument):
    pass
