"""From pictures to people: motion, tracks, which frames are worth encoding, and whose face a track is."""
