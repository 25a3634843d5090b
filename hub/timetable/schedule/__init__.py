"""The published plan as people read it: weeks, free rooms and trainers, utilisation, load, calendar feeds, and files.

Words: a *subject* is whose week it is (a class group's, a trainer's, a room's, a department's); a *lesson* is one dated
line of the plan; a *feed* is a private address that a calendar program reads again and again.
"""
