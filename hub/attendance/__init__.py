"""Owns sessions in time, the raw check-ins, and the attendance records derived from them."""
