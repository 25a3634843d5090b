from tests.fixtures.people_api import api, passwords
from tests.fixtures.statements import statements_of

__all__ = ["api", "passwords", "statements_of"]  # fixtures of this folder
