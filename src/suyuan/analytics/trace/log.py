"""Which events touched which objects, and which objects belong together?

The shape is OCEL 2.0's: events, objects, and the relations between them. A method asks only for the events
of an object and for its neighbours, so any log with these four tables will do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at an aware moment."""

    id: str
    activity: str
    at: datetime


class Log:
    """A slice of an event log, indexed both ways."""

    def __init__(
        self,
        events: Iterable[Event],
        types: Mapping[str, str],
        touches: Iterable[tuple[str, str]],
        links: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Take events, the type of each object, (event, object) pairs and (object, object) pairs."""
        by_id = {event.id: event for event in events}
        self.types = dict(types)
        self._events: dict[str, list[Event]] = {}
        self._objects: dict[str, list[str]] = {}
        self._links: dict[str, set[str]] = {}
        for event, thing in dict.fromkeys(touches):
            if event in by_id:
                self._events.setdefault(thing, []).append(by_id[event])
                self._objects.setdefault(event, []).append(thing)
        for found in self._events.values():
            found.sort(key=lambda event: (event.at, event.id))
        for source, target in links:
            self._links.setdefault(source, set()).add(target)
            self._links.setdefault(target, set()).add(source)

    def events(self, thing: str) -> list[Event]:
        """Return the events of an object, the oldest first."""
        return self._events.get(thing, [])

    def objects(self, event: Event) -> list[str]:
        """Return the objects an event touched."""
        return self._objects.get(event.id, [])

    def linked(self, thing: str) -> set[str]:
        """Return the objects that the log says belong to this one."""
        return self._links.get(thing, set())

    def neighbours(self, thing: str) -> set[str]:
        """Return the objects linked to this one or touched by an event together with it."""
        shared = {other for event in self.events(thing) for other in self.objects(event)}
        return (shared | self.linked(thing)) - {thing}
