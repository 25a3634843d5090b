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


class CalendarDayNotFound(NotFound):
    pass


class LogoNotFound(NotFound):
    pass


class LogoInvalid(InvalidArgument):
    pass


class SchoolInvalid(InvalidArgument):
    """A part of the school that can't be stored; each bad field is named."""


class NameTaken(AlreadyExists):
    """A code, name or number that must be unique is another's."""


class PeriodsOverlap(InvalidArgument):
    pass


class AnotherYearActive(FailedPrecondition):
    pass


class PartInUse(FailedPrecondition):
    """Others refer to the part, so it can't be deleted, or not be archived yet."""


class PartArchived(FailedPrecondition):
    """Nothing new is made in an archived part."""


class NotOfDepartment(InvalidArgument):
    """A head of department is a trainer of that department."""


class HolidaysUnknown(InvalidArgument):
    """No public holidays are known for the country or subdivision."""


class NoActiveYear(FailedPrecondition):
    """No academic year is active, and none was named."""


class RolloverImpossible(FailedPrecondition):
    """The academic year has nothing that could be carried into the next."""


class RolloverInvalid(InvalidArgument):
    """Names each wish that can't be followed."""
