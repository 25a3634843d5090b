from tests.fixtures.people_api import api, passwords

__all__ = ["api", "passwords"]  # fixtures of this folder
