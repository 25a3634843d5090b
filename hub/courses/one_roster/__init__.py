"""Rosters of other systems in OneRoster 1.2's CSV form: read within bounds, checked whole, stored all or nothing.

Words: an *archive* is the zip; its *files* are declared as sheets; a *sourcedId* is the other system's id of a thing.
"""
