"""Promises about how the code behaves that no type checker keeps."""

import ast
import contextlib
import re
from io import StringIO

import pytest
from codebase import MIGRATIONS, PACKAGE, called, files, functions, modules, short, tree
from django.core.management import call_command

WALL = {"now", "utcnow", "today", "localtime", "localdate", "time_ns"}
WALL_OWNERS = {"datetime", "date", "timezone", "time", "ibis"}
BANNED = {"manager", "helper", "helpers", "util", "utils", "common", "base", "data", "info", "process", "v2"}
BANNED_FIRST = {"do", "new", "handle"}
ALLOWED = {"process_view", "process_request", "process_response", "process_exception", "base_load", "do_POST"}
"""Names that Django and the library's server give their hooks, and 基荷, the load that is always there."""
STAGES = "intake classify route clock handle verify callback archive trace warn control publish"
SHARED = (
    "risk perform worksheets papers imports exports layouts evidence views anchor sweep versions demo keys "
    "filing backups work schedules signin staff bulk preferences undo once card rectification countersign "
    "reporter desks support improvement ledger campaign liability objection assessment accountability veto "
    "final_answer ladder returns appeal claim_review protection repeat commitment eventlogs traced own_log "
    "evaluation faults hotspots population detecting firstmoves precomplaint disconnection recovery supply"
)
DESKS = "org customer grid outage voltage notice call quality training knowledge privacy audit discipline"


def clock_readings(node: ast.AST) -> list[int]:
    """Return the lines on which the wall clock is read, or handed on to be read."""
    lines = [
        call.lineno
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and (getattr(call.func, "attr", "") or getattr(call.func, "id", "")) in WALL
    ]
    lines += [
        use.lineno
        for use in ast.walk(node)
        if isinstance(use, ast.Attribute)
        and isinstance(use.value, ast.Name)
        and use.value.id in WALL_OWNERS
        and (use.attr in WALL or (use.value.id, use.attr) == ("time", "time"))
    ]
    return sorted(set(lines))


@pytest.mark.parametrize("layer", ["domain", "analytics", "actions", "store"])
def test_rules_methods_verbs_and_tables_never_read_the_clock(layer):
    assert modules(layer) != []
    assert [f"{short(p)}:{line}" for p in modules(layer) for line in clock_readings(tree(p))] == []


def names(path) -> set[str]:
    """Return the module's own name and every class and function it defines."""
    defined = (
        found.name for found in ast.walk(tree(path)) if isinstance(found, (ast.ClassDef, ast.FunctionDef))
    )
    return {path.stem, *defined}


def banned(name: str) -> bool:
    """Return whether a name says nothing."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_").split("_")
    return bool(BANNED & set(words)) or (len(words) > 1 and words[0] in BANNED_FIRST)


def test_no_name_says_nothing():
    assert [
        f"{short(path)}: {name}"
        for path in modules()
        for name in sorted(names(path) - ALLOWED)
        if banned(name)
    ] == []


def test_no_template_name_says_nothing():
    templates = [path for path in files(".html", under=PACKAGE / "web/templates") if path.name != "base.html"]

    assert [short(path) for path in templates if banned(path.stem)] == []


def broad(node: ast.AST) -> list[int]:
    """Return the lines that catch everything."""
    catchers = (found for found in ast.walk(node) if isinstance(found, ast.ExceptHandler))
    caught = {
        handler.lineno: ast.unparse(handler.type) if handler.type else "Exception" for handler in catchers
    }
    return [line for line, what in caught.items() if re.search(r"\b(Base)?Exception\b", what)]


def test_only_the_top_of_a_job_loop_catches_everything():
    outside = [path for path in modules() if PACKAGE / "jobs" not in path.parents]

    assert [f"{short(path)}:{line}" for path in outside for line in broad(tree(path))] == []


def looped(node: ast.AST) -> set[int]:
    """Return the lines inside a loop, or inside a function that a loop of the same module calls."""
    loops = [found for found in ast.walk(node) if isinstance(found, (ast.For, ast.While))]
    called_there = set().union(*map(called, loops))
    inside = [*loops, *(function for function in functions(node) if function.name in called_there)]
    return {line for part in inside for line in range(part.lineno, part.end_lineno + 1)}


def test_a_job_that_catches_everything_does_so_inside_its_loop():
    jobs = [(path, tree(path)) for path in modules("jobs")]

    assert [
        f"{short(p)}:{line}" for p, node in jobs for line in broad(node) if line not in looped(node)
    ] == []


def imports(node: ast.AST) -> set[str]:
    """Return the modules a file imports."""
    found = [alias.name for n in ast.walk(node) if isinstance(n, ast.Import) for alias in n.names]
    found += [n.module or "." for n in ast.walk(node) if isinstance(n, ast.ImportFrom)]
    return set(found)


MIGRATED = sorted(MIGRATIONS.glob("0*.py"))


def test_there_are_migrations():
    assert MIGRATED != []


@pytest.mark.parametrize("path", MIGRATED, ids=lambda p: p.stem)
def test_a_migration_never_names_live_code(path):
    """A migration that names an enum breaks on the day the enum changes."""
    assert {name for name in imports(tree(path)) if name.startswith(("suyuan", "."))} == set()


@pytest.mark.parametrize("path", MIGRATED, ids=lambda p: p.stem)
def test_a_migration_says_what_it_does(path):
    assert re.fullmatch(r"\d{4}_(squashed_\d{4}_)?[a-z][a-z_]+", path.stem)
    assert "_auto_" not in path.stem


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say():
    said = StringIO()

    with contextlib.suppress(SystemExit):  # what --check does where models and migrations differ
        call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert said.getvalue() == "No changes detected\n"


def test_a_verb_module_is_named_after_its_stage():
    allowed = {*STAGES.split(), *DESKS.split(), *SHARED.split()}
    folder = PACKAGE / "actions"
    named = {path.stem for path in folder.glob("*.py")}
    named |= {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}

    assert {name for name in named if not name.startswith("_")} - allowed == set()


WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}


Known = dict[str, ast.AST]
"""Functions of the verbs' package by ``module.name``, and methods by ``.name``."""


def known() -> Known:
    """Return every function and method of the verbs' own package."""
    found: Known = {}
    for path in modules("actions"):
        for part in tree(path).body:
            inside = {f".{f.name}": f for f in functions(part)} if isinstance(part, ast.ClassDef) else {}
            found |= inside | (
                {f"{path.stem}.{part.name}": part} if isinstance(part, ast.FunctionDef) else {}
            )
    return found


def origins(path) -> dict[str, str]:
    """Return where the names that a module imports from its own package come from."""
    own = [
        n
        for n in ast.walk(tree(path))
        if isinstance(n, ast.ImportFrom) and (n.level or "actions" in n.module)
    ]
    return {
        alias.name: f"{(node.module or '').rpartition('.')[2]}.{alias.name}"
        for node in own
        for alias in node.names
    }


HOMES = {path.stem: origins(path) for path in modules("actions")}


def closure(module: str, function: ast.AST, every: Known) -> set[str]:
    """Return everything ``function`` calls, followed through the functions of the verbs' own package."""
    reached: set[str] = set()
    followed: set[str] = set()
    ahead = [(module, function)]
    while ahead:
        home, part = ahead.pop()
        for name in called(part) - {""}:
            reached.add(name)
            last = name.rpartition(".")[2]
            for target in {
                f"{home}.{name}",
                HOMES.get(home, {}).get(name, ""),
                name,
                f".{last}" if "." in name else "",
            }:
                if target in every and target not in followed:
                    followed.add(target)
                    ahead.append((target.partition(".")[0] or home, every[target]))
    return reached


def verbs() -> dict[str, tuple[ast.FunctionDef, set[str]]]:
    """Return every public function of the verbs with all that it calls."""
    every = known()
    return {
        f"{path.stem}.{f.name}": (f, closure(path.stem, f, every))
        for path in modules("actions")
        if not path.stem.startswith("_")
        for f in tree(path).body
        if isinstance(f, ast.FunctionDef) and not f.name.startswith("_")
    }


def is_effect(function: ast.FunctionDef) -> bool:
    """Return whether this is the part of a verb that ``perform`` runs and writes down."""
    first = function.args.args[:1]
    return bool(first) and first[0].annotation is not None and ast.unparse(first[0].annotation) == "Change"


def events(calls: set[str]) -> set[str]:
    """Return the calls that write an event."""
    return {name for name in calls if name.startswith(("chain.append", "Event.objects.bulk_create"))}


THEIR_OWN_RECORD = {"anchor.anchor", "once.forget", "once.once", "preferences.look", "run.queue"}
"""An anchor is chained to the one before it; a queued import says who queued it, its run writes the event.

What is done once writes its own event; the answer kept of it is no part of the record.
"""


def test_every_verb_that_writes_writes_an_event_in_one_transaction():
    assert "perform.perform" in verbs()
    every = {name: calls for name, (function, calls) in verbs().items() if not is_effect(function)}
    writers = {name: calls for name, calls in every.items() if calls & WRITES or events(calls)}
    in_parts = {name for name, calls in writers.items() if not calls & {"atomic", "transaction.atomic"}}

    assert {name for name, calls in writers.items() if not events(calls)} - THEIR_OWN_RECORD == set()
    assert in_parts - THEIR_OWN_RECORD == set()


def test_every_effect_is_reached_through_the_one_place_that_writes_events():
    from suyuan.actions._effects import EFFECTS

    named = {f"{effect.__module__.rpartition('.')[2]}.{effect.__name__}" for effect in EFFECTS.values()}
    effects = {name: calls for name, (function, calls) in verbs().items() if is_effect(function)}
    reached = set().union(*(effects[name] for name in named & set(effects)))

    assert {name for name in effects if name not in named and name.rpartition(".")[2] not in reached} == set()


def test_the_one_place_that_writes_events_does():
    around = {f.name: called(f) for f in functions(tree(PACKAGE / "actions/_change.py"))}

    assert events(around["commit"]) == {"chain.append"}
    assert "_change.commit" in called(tree(PACKAGE / "actions/perform.py"))


def test_nothing_but_a_migration_deletes_or_changes_an_event():
    touching = re.compile(r"\bEvent\.objects\.[^\n]*\.?(update|delete|bulk_update)\(")

    assert [short(path) for path in modules() if touching.search(path.read_text(encoding="utf-8"))] == []
