"""The room agent: a camera beside a door, and a hub that may be out of reach for weeks."""
