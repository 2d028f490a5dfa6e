"""
The one place that imports `micropython`.

On a board the compiler folds `const(n)` and turns a function under `@micropython.viper` into machine code.
On CPython both are identities, and `ptr8` and `ptr16` hand their buffer back: a function written for viper runs as plain Python too.
"""

try:
    import micropython

    const = micropython.const
    ptr8 = ptr16 = None  # viper's own words: its compiler knows them, only the names must exist
except ImportError:

    def const(value):
        """Return `value`: CPython folds nothing."""
        return value

    class micropython:  # stands in for the module of that name
        """What the firmware uses of MicroPython's module of that name."""

        const = const

        @staticmethod
        def viper(function):
            """Return `function`: CPython runs it as it is."""
            return function

    def ptr8(buffer):
        """Return `buffer`: its items are u8 already."""
        return buffer

    def ptr16(buffer):
        """Return `buffer`: its items are u16 already."""
        return buffer
