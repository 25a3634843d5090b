"""What hub and room agent must compute alike: faces and the geofence.

Knows neither of them; no network, no storage.
Images are uint8 RGB arrays (height, width, 3) everywhere in this package.
"""
