# SPDX-License-Identifier: Apache-2.0
"""Results in TAP, for the scripts."""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, ok, detail=""):
        """One result; what went wrong follows as remarks."""
        self.count += 1
        self.failed += not ok
        print(f"{'ok' if ok else 'not ok'} {self.count} - {name}", flush=True)
        if not ok:
            for line in str(detail).splitlines()[:40]:
                print("# " + line)

    def end(self):
        """Prints the plan; the exit status."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
