"""The pages of the wall: each is a plain object without a window, which the shell shows, taps and lets time pass for."""
