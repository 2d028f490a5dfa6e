"""
Run one of these test modules on MicroPython.

    MICROPYPATH=.:firmware micropython tests/firmware/run.py CORE MODULE

The path is from the root of the tree. Each `test_…` function is called; what fails is shown, and the exit status is then 1.
"""

import gc
import sys


def main(core, name):
    """Run the tests of a module and return how many have failed."""
    from tests.firmware import fakes

    fakes.Choice.core = core
    module = getattr(__import__("tests.firmware." + name).firmware, name)
    failed = passed = 0
    for test in sorted(dir(module)):
        if not test.startswith("test_"):
            continue
        gc.collect()
        try:
            getattr(module, test)()
            passed += 1
        except Exception as error:  # noqa: BLE001  whatever it is, the other tests shall run
            failed += 1
            print("FAILED", test)
            sys.print_exception(error)
    print(f"{name} on the {core} core: {passed} passed, {failed} failed")
    return failed


sys.exit(1 if main(sys.argv[1], sys.argv[2]) else 0)
