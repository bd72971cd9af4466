"""Where an installation keeps its state, and its secrets.

Secrets are made on the first start and never leave the home: back the home up as one piece.
"""

import functools
import os
import secrets
from pathlib import Path

SIMULATED = "simulated"
"""An empty file in the home of a simulated city: its pages say that nobody in it is real."""


DATABASE = "suyuan.sqlite3"
"""The database in a home, unless it lies elsewhere."""


def home() -> Path:
    """Return the folder of this installation, ``SUYUAN_HOME`` or ./var, made for its owner alone."""
    return _made(os.environ.get("SUYUAN_HOME", "var"))


def begun() -> bool:
    """Return whether there is an installation; what needs none must not make one by asking."""
    place = Path(os.environ.get("SUYUAN_HOME", "var"))
    return bool(os.environ.get("SUYUAN_DATABASE_URL")) or (place / DATABASE).exists()


@functools.cache
def _made(name: str) -> Path:
    path = Path(name).resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(
            f"SUYUAN_HOME names {path}, which is no folder and cannot be made one: {error.strerror}"
        ) from None
    return path


def secret(name: str, size: int = 32) -> bytes:
    """Return the secret ``name`` of this home, made once, readable by its owner alone."""
    folder = home() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        temporary = folder / f".{name}.{os.getpid()}"
        temporary.touch(mode=0o600)
        with temporary.open("wb") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())  # a key must outlive the power cut that what it sealed outlives
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
            _settle(folder)
    return path.read_bytes()


def _settle(folder: Path) -> None:
    """Bring a folder's names to the disk; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
