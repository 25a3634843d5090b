from hub.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound


class CourseNotFound(NotFound):
    pass


class EnrolmentNotFound(NotFound):
    pass


class CourseInvalid(InvalidArgument):
    pass


class CourseCodeTaken(AlreadyExists):
    pass


class EnrolmentExists(AlreadyExists):
    pass


class EnrolmentInvalid(InvalidArgument):
    pass


class EnrolmentEnded(FailedPrecondition):
    pass


class ExceptionsOverlap(InvalidArgument):
    pass
