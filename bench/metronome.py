"""Says when: `python -m bench.metronome MANY RATE` writes the moment to its output, MANY times,
RATE times a second. A process of its own, for the timers of an event loop are a millisecond late.
"""

import os
import struct
import sys
from time import perf_counter, sleep

MOMENT = struct.Struct("d")
"""As `perf_counter` counts, which all processes of a machine do alike."""

OUTPUT = 1


def main(many: int, rate: float) -> None:
    """Write the moments, each when it has come."""
    begun = perf_counter()
    for place in range(many):
        sleep(max(begun + place / rate - perf_counter(), 0.0))
        os.write(OUTPUT, MOMENT.pack(perf_counter()))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
