from hub.errors import InvalidArgument


class NotAWorkbook(InvalidArgument):
    """The upload is no .xlsx file that the hub can open."""
