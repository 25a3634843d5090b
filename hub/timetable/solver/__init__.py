"""The timetable engine: a week as places in a grid of days × periods × rooms, rules, and the search for a better one.

Pure: no database, no wire. `problem` is what is asked, `policy` which rules hold how strongly, `validator` says what a
plan costs and why, `generation` makes plans. The same model carries the college's weeks and the ITC-2007 benchmark.
"""
