from hub.errors import FailedPrecondition


class BrokerNotManaged(FailedPrecondition):
    """The hub uses an external broker, whose accounts are made there."""
