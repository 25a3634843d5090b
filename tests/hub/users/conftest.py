from tests.fixtures.people_api import ada, api, passwords

__all__ = ["ada", "api", "passwords"]  # fixtures of this folder
