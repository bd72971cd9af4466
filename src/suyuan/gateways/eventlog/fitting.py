"""A layout made to fit the headings of one file: which of several names is meant, what is not there left."""

from suyuan.domain.errors import BadInput

from .layout import Layout, Step, Things


def fitted(layout: Layout, headings: list[str], file: str) -> tuple[list[str], Layout]:
    """Return the headings as the layout calls them, and the layout without what has no column."""
    called = _called(layout, headings)
    absent = layout.optional() - set(called)
    steps = tuple(_step(each, absent) for each in layout.steps if _there(each, absent))
    if layout.steps and not steps:
        raise BadInput(
            "log_layout", file=file, key="steps", problem="no column of any step", columns=headings[:40]
        )
    told = {each.activity for each in steps}
    fits = layout._replace(
        id="" if layout.id in absent else layout.id,
        steps=steps,
        objects=tuple(
            _things(each, absent, told)
            for each in layout.objects
            if each.column not in absent and (not each.steps or told & set(each.steps))
        ),
        kinds=tuple((name, kind) for name, kind in layout.kinds if name not in absent),
    )
    return called, fits


def _called(layout: Layout, headings: list[str]) -> list[str]:
    """Return the headings, those that are another name of a column by the first of its names."""
    also = dict(layout.also)
    taken = set(headings) & (set(also) | _named(layout))
    meant: dict[str, str] = {}
    for name, others in also.items():
        if name not in headings:
            found = next((each for each in others if each in headings and each not in taken), "")
            if found:
                meant[found] = name
                taken.add(found)
    return [meant.get(each, each) for each in headings]


def _named(layout: Layout) -> set[str]:
    """Return every heading the layout speaks of."""
    tests = [test for step in layout.steps for test in (step.when, step.unless) if test]
    return {
        *(step.column for step in layout.steps),
        *(test.column for test in tests),
        *(name for things in layout.objects for name in (things.column, *things.attributes)),
        *(name for name in (layout.id, layout.activity, layout.time) if name),
    }


def _there(step: Step, absent: frozenset[str]) -> bool:
    return step.column not in absent and (step.when is None or step.when.column not in absent)


def _step(step: Step, absent: frozenset[str]) -> Step:
    return step._replace(unless=None) if step.unless and step.unless.column in absent else step


def _things(things: Things, absent: frozenset[str], told: set[str]) -> Things:
    return things._replace(
        attributes=tuple(name for name in things.attributes if name not in absent),
        steps=tuple(each for each in things.steps if each in told),
    )
