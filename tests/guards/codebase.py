"""The code base as the guards read it: files, their trees, and what is defined and called in them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src/suyuan"
Function = ast.FunctionDef | ast.AsyncFunctionDef
MIGRATIONS = PACKAGE / "store/migrations"
PASSING = {
    ".git",
    ".venv",
    ".cache",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".pytest_cache",
}
PASSING |= {"__pycache__", "build", "dist", "reports", "suyuan.egg-info", "var", "var-orders"}


@cache
def files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """Return the files of the repository with these suffixes (all without any), generated ones left out."""
    found = (path for path in under.rglob("*") if path.is_file() and not PASSING & set(path.parts))
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def modules(*folders: str) -> list[Path]:
    """Return our Python modules under ``folders`` of the package, migrations left out."""
    places = [PACKAGE / folder for folder in folders] or [PACKAGE]
    return [path for place in places for path in files(".py", under=place) if MIGRATIONS not in path.parents]


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(node: ast.AST) -> Iterator[Function]:
    """Yield every function in ``node``, nested ones and methods included."""
    return (found for found in ast.walk(node) if isinstance(found, Function))


@cache
def called(node: ast.AST) -> set[str]:
    """Return what is called in ``node`` or decorates it: last names, and dotted ones where there are."""
    used = [found.func for found in ast.walk(node) if isinstance(found, ast.Call)]
    used += [mark for found in functions(node) for mark in found.decorator_list]
    last = {getattr(name, "id", None) or getattr(name, "attr", "") for name in used}
    return last | {ast.unparse(name) for name in used if isinstance(name, ast.Attribute)}


def short(path: Path) -> str:
    """Return ``path`` as seen from the root of the repository."""
    return path.relative_to(ROOT).as_posix()
