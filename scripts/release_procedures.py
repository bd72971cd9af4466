"""Freeze the step tables as they are released, so that a case keeps the one it was opened under.

    scripts/release_procedures.py            write the files of versions that have none yet
    scripts/release_procedures.py --check    fail if a table differs from what was released under its version

A released file is never written again: a changed table is a new version.
"""

import json
import sys
from pathlib import Path

from suyuan.domain import procedures
from suyuan.domain.procedure import Procedure
from suyuan.domain.procedures.frozen import freeze

RELEASED = Path(procedures.__path__[0]) / "released"


def frozen(procedure: Procedure) -> str:
    """Return the text of the released file of ``procedure``."""
    return json.dumps(freeze(procedure), ensure_ascii=False, indent=1) + "\n"


def path_of(procedure: Procedure) -> Path:
    """Return where the released file of ``procedure`` lies."""
    return RELEASED / f"{procedure.name}-{procedure.version}.json"


def changed() -> list[str]:
    """Return what keeps the tables from being the released ones, a sentence each."""
    problems = []
    for procedure in procedures.CURRENT.values():
        path = path_of(procedure)
        if not path.exists():
            problems.append(f"{path.name} is not there: run scripts/release_procedures.py")
        elif path.read_text(encoding="utf-8") != frozen(procedure):
            problems.append(f"{procedure.name} changed after its release as {path.name}: raise its version")
    return problems


def main() -> int:
    """Write what is missing, or only say what is wrong."""
    if "--check" not in sys.argv[1:]:
        RELEASED.mkdir(exist_ok=True)
        for procedure in procedures.CURRENT.values():
            if not path_of(procedure).exists():
                path_of(procedure).write_text(frozen(procedure), encoding="utf-8")
    problems = changed()
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
