"""Runs the tests of a file; `check` reads its last line."""
import sys
import traceback


class Skipped(Exception):
    """A test that this machine cannot run."""


def run(tests):
    """Runs what is named test_* in a module's globals, in their order, and ends the process. One that returns False has said itself why it is not counted."""
    passed = failed = 0
    for name, test in list(tests.items()):
        if name.startswith("test_"):
            try:
                passed += test() is not False
            except Skipped as why:
                print("skipped %s: %s" % (name, why))
            except Exception:
                failed += 1
                print("FAILED " + name)
                traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
    print("%d passed, %d failed" % (passed, failed))
    sys.exit(failed != 0)
