"""Owns rooms, the weekly plan, and which dated lessons follow from it.

Words: a *room* has a geofence; a *timetable entry* is one line of a term's weekly plan; an *occurrence* is the dated
lesson that an entry means on one day, from which the attendance domain makes a session.
"""
