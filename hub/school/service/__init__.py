"""Use cases of the school, its parts and its calendar."""
