"""How fast customers are taken in, and how fast one is found: ``python -m bench.customers --rows 1000000``.

The file is made here, with Chinese headers and every column a page shows; the database is a fresh SQLite.
"""

import argparse
import csv
import json
import os
import resource
import tempfile
import time
from pathlib import Path

HEADS = ("户号", "户名", "客户类别", "供电单位", "用电类别", "合同容量", "城乡类别", "用电地址", "台区",
         "台区编码", "线路", "线路编码", "表号", "联系电话")  # fmt: skip


def made(path: Path, rows: int) -> Path:
    """Return a file of so many customers."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(HEADS)
        for n in range(rows):
            area = n // 60
            write((f"9900{n:09d}", f"王{n % 97:02d}", "居民", "0101", "居民生活", "8", "城镇",
                   f"滨海市人民路{n % 900}号{n % 30}栋", f"{area:06d}号台区", f"TQ{area:06d}",
                   f"10kV第{area // 20}线", f"XL{area // 20:05d}", f"M{n:010d}",
                   f"1{n + 3_000_000_000:010d}"))  # fmt: skip
    return path


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SUYUAN_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "suyuan.config.settings"
        print(json.dumps({"bench": "customers", **measured(Path(folder), rows)}))


def measured(folder: Path, rows: int) -> dict[str, object]:
    """Return rows a second of a first and a second import, and milliseconds to find one customer."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from suyuan.actions import org
    from suyuan.domain.procedure import SYSTEM
    from suyuan.store.queries import customer

    now = django.utils.timezone.now()
    register = [{"code": "0101", "name": "东城供电所", "parent": "", "kind": "station"}]
    org.load_units(rows=register, actor=SYSTEM, now=now)
    path = made(folder / "customers.csv", rows)
    first, taken = _timed(path, now)
    second, again = _timed(path, now)
    assert (taken["accepted"], again["duplicate"]) == (rows, rows)
    found = [_found(customer, n) for n in range(0, rows, max(rows // 200, 1))]
    return {
        "rows": rows,
        "import_rows_per_s": round(rows / first),
        "again_rows_per_s": round(rows / second),
        "find_p50_ms": round(sorted(found)[len(found) // 2] * 1000, 3),
        "find_p95_ms": round(sorted(found)[int(len(found) * 0.95)] * 1000, 3),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _timed(path: Path, now) -> tuple[float, dict[str, object]]:
    from suyuan.actions import customer
    from suyuan.domain.procedure import SYSTEM
    from suyuan.gateways import customerfile

    started = time.perf_counter()
    taken = customer.import_customers(tables=customerfile.read(path), actor=SYSTEM, now=now)
    return time.perf_counter() - started, customer.register_file.told(taken)


def _found(customer, n: int) -> float:
    started = time.perf_counter()
    by_account = customer.accounts_of(f"9900{n:09d}", "", 5)
    by_phone = customer.accounts_of("", f"1{n + 3_000_000_000:010d}", 5)
    taken = time.perf_counter() - started
    assert len(by_account) == len(by_phone) == 1
    return taken / 2


if __name__ == "__main__":
    main()
