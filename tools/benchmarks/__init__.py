"""What `tools/bench.py` measures with: anchors, programs, and scripts that run under MicroPython."""
