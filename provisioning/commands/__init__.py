"""The commands of `roster`, a module for each part of the API."""
