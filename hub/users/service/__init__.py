"""Use cases of users, a module each."""
