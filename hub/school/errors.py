from hub.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound


class SchoolNotFound(NotFound):
    pass


class SchoolExists(AlreadyExists):
    pass


class DepartmentNotFound(NotFound):
    pass


class ProgrammeNotFound(NotFound):
    pass


class ClassGroupNotFound(NotFound):
    pass


class AcademicYearNotFound(NotFound):
    pass


class TermNotFound(NotFound):
    pass


class SchoolInvalid(InvalidArgument):
    """A part of the school that can't be stored; each bad field is named."""


class NameTaken(AlreadyExists):
    """A code, name or number that must be unique is another's."""


class PeriodsOverlap(InvalidArgument):
    pass


class AnotherYearActive(FailedPrecondition):
    pass
