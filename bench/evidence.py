"""How fast evidence comes in and goes out: sealed, hashed, on the disk; opened whole and in parts."""

import argparse
import os
import time
from collections.abc import Iterator

from . import home

PIECE = 256 * 1024


def main() -> None:
    """Keep one large file, read it whole, read parts of it, and print megabytes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mib", type=int, default=256)
    size = parser.parse_args().mib * 1024 * 1024
    home.fresh()
    from suyuan.store import locker

    block = os.urandom(PIECE)

    def pieces() -> Iterator[bytes]:
        for _ in range(size // PIECE):
            yield block

    started = time.perf_counter()
    staged = locker.stage(pieces(), "bench", size + 1)
    locker.place(staged)
    came_in = time.perf_counter() - started
    path = locker.path_of(staged.sha256)
    started = time.perf_counter()
    with locker.clear(path, staged.key, staged.sha256) as file:
        while file.read(PIECE):
            pass
    went_out = time.perf_counter() - started
    started = time.perf_counter()
    for at in range(1000):
        with locker.clear(path, staged.key, staged.sha256) as file:
            file.seek(at * 7919 * 101 % (size - PIECE))
            file.read(PIECE)
    parts = time.perf_counter() - started
    home.line(
        "evidence",
        mib=size // 1024**2,
        in_mb_per_second=round(size / came_in / 1e6),
        out_mb_per_second=round(size / went_out / 1e6),
        ranges_per_second=round(1000 / parts),
        stored_overhead=round(path.stat().st_size / size - 1, 6),
    )


if __name__ == "__main__":
    main()
