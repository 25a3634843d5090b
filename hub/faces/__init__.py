"""Face templates: the one door to biometric data.

Words: an *encoding* is 128 numbers of one photo; a *template* is an encoding stored encrypted; a person's templates are
one *registration*. A *clash* is the same face under two accounts. A device's *holding* is a person whose templates it
may have on its disk. Nothing here puts encodings or images into logs, errors, events, or the audit trail.
"""
