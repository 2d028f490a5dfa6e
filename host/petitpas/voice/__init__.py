"""The voice of the wall: what is said, and whose voice says it; nothing here opens a sound card."""
