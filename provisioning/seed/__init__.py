"""A college that nobody attends: plausible people, curricula, rooms and a calendar, made from a number and put into a
hub through its own bulk doors. Benchmarks, trials and first looks use it.
"""
