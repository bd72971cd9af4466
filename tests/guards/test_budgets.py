"""How large a thing may grow before somebody has to say why. Raising a budget needs a decision record."""

import ast
import tomllib

from codebase import PACKAGE, ROOT, Function, files, functions, modules, short, tree

MODULE, MODULE_HARD = 300, 400
FUNCTION = 40
PARAMETERS = 6
TEMPLATE = 150
DEPENDENCIES = 30

EXCUSED: dict[str, str] = {}
"""Modules between the budget and the hard limit: path → the decision record that says why."""

OURS = [*modules(), *files(".py", under=ROOT / "scripts"), *files(".py", under=ROOT / "bench")]


def lines_of(path):
    return path.read_text(encoding="utf-8").count("\n")


def parameters(function: Function) -> int:
    """Return how many arguments a caller has to think of."""
    marks = {ast.unparse(mark) for mark in function.decorator_list}
    if any(mark.startswith(("click.option(", "click.argument(")) for mark in marks):
        return 0  # options of a command line: the person who types names each
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def test_no_module_is_over_its_budget():
    long = {short(path): lines_of(path) for path in OURS if lines_of(path) > MODULE}

    assert {path: size for path, size in long.items() if path not in EXCUSED or size > MODULE_HARD} == {}


def test_no_test_module_is_over_the_hard_budget():
    assert {
        short(p): lines_of(p) for p in files(".py", under=ROOT / "tests") if lines_of(p) > MODULE_HARD
    } == {}


def test_every_excuse_is_needed_and_names_its_decision():
    assert {path for path in EXCUSED if lines_of(ROOT / path) <= MODULE} == set()
    assert {page for page in EXCUSED.values() if not (ROOT / "docs/decisions" / page).exists()} == set()


def test_no_function_is_over_its_budget():
    sizes = {
        f"{short(path)}:{function.name}": function.end_lineno - function.lineno + 1
        for path in OURS
        for function in functions(tree(path))
    }

    assert {name: size for name, size in sizes.items() if size > FUNCTION} == {}


def test_no_function_asks_for_too_much():
    counts = {f"{short(path)}:{f.name}": parameters(f) for path in OURS for f in functions(tree(path))}

    assert {name: count for name, count in counts.items() if count > PARAMETERS} == {}


def test_no_template_is_over_its_budget():
    templates = files(".html", ".txt", under=PACKAGE / "web/templates")

    assert templates != []
    assert {short(path): lines_of(path) for path in templates if lines_of(path) > TEMPLATE} == {}


def test_the_base_install_asks_for_few_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert len(project["dependencies"]) <= DEPENDENCIES


def test_every_module_says_what_question_it_answers():
    silent = [
        short(p) for p in OURS if p.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(p))
    ]

    assert silent == []
