from hub.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound


class CourseNotFound(NotFound):
    pass


class ProgrammeCourseNotFound(NotFound):
    pass


class EnrolmentNotFound(NotFound):
    pass


class EnrolmentExceptionNotFound(NotFound):
    pass


class TrainerLoanNotFound(NotFound):
    pass


class CourseInvalid(InvalidArgument):
    pass


class CourseCodeTaken(AlreadyExists):
    pass


class CourseInUse(FailedPrecondition):
    pass


class CourseArchived(FailedPrecondition):
    pass


class ProgrammeCourseInvalid(InvalidArgument):
    pass


class ProgrammeCourseExists(AlreadyExists):
    pass


class ProgrammeCourseInUse(FailedPrecondition):
    pass


class CourseBeforePrerequisite(FailedPrecondition):
    pass


class EnrolmentExists(AlreadyExists):
    pass


class EnrolmentInvalid(InvalidArgument):
    pass


class EnrolmentEnded(FailedPrecondition):
    pass


class EnrolmentMoveRefused(FailedPrecondition):
    pass


class EnrolmentInUse(FailedPrecondition):
    pass


class ExceptionsOverlap(InvalidArgument):
    pass


class ExceptionBegun(FailedPrecondition):
    pass


class TrainerLoanInvalid(InvalidArgument):
    pass


class TrainerLoansOverlap(InvalidArgument):
    pass


class TrainerLoanInUse(FailedPrecondition):
    pass


class PrerequisiteCycle(FailedPrecondition):
    """The message holds the path, as in "A → B → C → A"."""


class TopicNotFound(NotFound):
    pass


class TopicInvalid(InvalidArgument):
    pass


class TopicInUse(FailedPrecondition):
    pass


class SessionNotBegun(FailedPrecondition):
    pass


class NotAnArchive(InvalidArgument):
    """The upload is no zip file that the hub can open."""
