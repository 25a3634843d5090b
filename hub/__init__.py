"""The hub: registry of people, rooms and devices, judge of check-ins, sender of alerts."""
