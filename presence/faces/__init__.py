"""Faces: find, align, judge, encode, match, and tell a living face from a picture of one.

A *probe* is an encoding to be named, a *gallery* the people it may be, *score* an engine's own measure (higher is more
alike), *similarity* the calibrated 0..1 scale that people see.
"""
