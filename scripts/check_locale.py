"""Check that everything on a screen can be read in Chinese and in English.

Strings are written in Chinese where they are used; English stands in the catalogue. This fails on a string
without English, one that is fuzzy, left over, or has other placeholders; on Chinese in a template or a page's
code that no translation can reach; and on a compiled catalogue that is not what its source says.
"""

import ast
import gettext
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import allauth
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
WEB = ROOT / "src/suyuan/web"
CATALOGUE = WEB / "locale/en/LC_MESSAGES/django.po"
OVER = WEB / "locale/zh_Hans/LC_MESSAGES/django.po"
"""What the sign-in library says in Chinese, in our words; in English it ends the catalogue."""
LIBRARY = Path(allauth.__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
MARKED = re.compile(
    r"""\b(?:n?gettext|_)\(\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:,\s*u?("[^"]*"|'[^']*'))?"""
)
UNMARKED = re.compile(
    r"\{#.*?#\}|\{%\s*comment\b.*?endcomment\s*%\}|\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\b(?:(?!%\}).)*%\}|_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
CALLS = {"gettext": 1, "gettext_lazy": 1, "_": 1, "ngettext": 2, "ngettext_lazy": 2}
OWN_NAMES = {"简体中文", "中文"}
"""What stays as it is in every language."""


def templates() -> list[Path]:
    """Return the console's templates."""
    return sorted(path for path in (WEB / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def template_strings(text: str) -> Iterator[str]:
    """Yield the strings a template asks to be translated."""
    for found in MARKED.finditer(templatize(text)):
        yield from (ast.literal_eval(quoted) for quoted in found.groups() if quoted)


def code_strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the constants that Python code asks to be translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            yield from (word for word in node.args[: CALLS.get(name, 0)] if isinstance(word, ast.Constant))


def stray_in_code(tree: ast.AST) -> list[int]:
    """Return the lines of Chinese constants that nothing translates; docstrings are for us."""
    marked = {id(word) for word in code_strings(tree)}
    documents = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and node.value not in OWN_NAMES
        and id(node) not in marked | documents
    ]


def stray_in_template(text: str) -> list[int]:
    """Return the lines of a template with Chinese outside every translation tag."""
    rest = UNMARKED.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = (re.sub("|".join(OWN_NAMES), "", line) for line in rest.splitlines())
    return [number for number, line in enumerate(lines, start=1) if CHINESE.search(line)]


def entries(text: str) -> Iterator[tuple[str, list[str], bool]]:
    """Yield ``(msgid, translations, fuzzy)`` of each entry of a catalogue's source."""
    for block in re.split(r"\n\s*\n", text):
        parts: list[tuple[str, str]] = []
        for line in block.splitlines():
            if found := re.match(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)\s+(".*")', line):
                parts.append((found[1], ast.literal_eval(found[2])))
            elif line.startswith('"') and parts:
                parts[-1] = (parts[-1][0], parts[-1][1] + ast.literal_eval(line))
        ids = [value for key, value in parts if key.startswith("msgid")]
        if ids and ids[0]:
            said = [value for key, value in parts if key.startswith("msgstr")]
            yield ids[0], said, "#, fuzzy" in block


def wanted() -> dict[str, str]:
    """Return every string to translate with the first place that uses it."""
    found: dict[str, str] = {}
    for path in templates():
        for string in template_strings(path.read_text(encoding="utf-8")):
            found.setdefault(string, path.relative_to(ROOT).as_posix())
    for path in sorted(WEB.rglob("*.py")):
        for word in code_strings(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(str(word.value), path.relative_to(ROOT).as_posix())
    return found


def bad_entry(string: str, said: list[str], fuzzy: bool) -> str | None:
    """Return what is wrong with one translation, or None."""
    if fuzzy or not all(said):
        return "no English yet"
    if string not in OWN_NAMES and any(CHINESE.search(one) for one in said):
        return "the English holds Chinese"
    if any(set(PLACEHOLDER.findall(one)) - set(PLACEHOLDER.findall(string)) for one in said):
        return "other placeholders"
    return None


def stray() -> list[str]:
    """Return the places where Chinese stands that nothing translates."""
    found = [(path, stray_in_template(path.read_text(encoding="utf-8"))) for path in templates()]
    found += [(p, stray_in_code(ast.parse(p.read_text(encoding="utf-8")))) for p in sorted(WEB.rglob("*.py"))]
    return [
        f"{path.relative_to(ROOT)}:{line}: Chinese that nothing translates"
        for path, lines in found
        for line in lines
    ]


Catalogue = dict[str, tuple[list[str], bool]]


def read(source: Path) -> Catalogue:
    """Return the entries of a catalogue's source by their strings."""
    return {string: (said, fuzzy) for string, said, fuzzy in entries(source.read_text(encoding="utf-8"))}


def stale(source: Path, catalogue: Catalogue) -> list[str]:
    """Return the strings for which the compiled catalogue says something else."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        return ["all of it"]
    with compiled.open("rb") as file:
        says = gettext.GNUTranslations(file).gettext
    return [string for string, (said, _) in catalogue.items() if said and says(string) != said[0]]


def problems() -> list[str]:
    """Return everything that is wrong, a line each."""
    used, name = wanted(), CATALOGUE.name
    known, over, library = read(CATALOGUE), read(OVER), read(LIBRARY)
    wrong = stray()
    wrong += [f"{place}: not in {name}: {string!r}" for string, place in used.items() if string not in known]
    wrong += [f"{name}: nothing uses {string!r}" for string in known if string not in used | library]
    wrong += [
        f"{OVER.parts[-3]}: the library does not say {string!r}" for string in over if string not in library
    ]
    for string, (said, fuzzy) in known.items():
        if why := bad_entry(string, said, fuzzy):
            wrong.append(f"{name}: {why}: {string!r}")
    return wrong + [
        f"{source.parts[-3]}: django.mo is not what {name} says; msgfmt it again: {string!r}"
        for source, catalogue in ((CATALOGUE, known), (OVER, over))
        for string in stale(source, catalogue)
    ]


def main() -> int:
    """Print what is wrong; fail if anything is."""
    settings.configure()
    wrong = problems()
    print("\n".join(wrong) or f"{len(wanted())} strings in Chinese and English", file=sys.stderr)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
