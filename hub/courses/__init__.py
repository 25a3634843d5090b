"""Owns what is taught: courses, enrolments of class groups in them, and the trainees who are expected on a day."""
