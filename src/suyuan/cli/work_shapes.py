"""The shapes of what ``suyuan schedule`` prints."""

from .shapes import FLAG, PERHAPS_MOMENT, TEXT, many, thing

SCHEDULE = thing(
    code=TEXT,
    kind={"enum": ["anchor", "lake", "promises", "publication", "repeats", "retention", "review"]},
    cron=TEXT,
    parameters={"type": "object"},
    paused=FLAG,
    state={"enum": ["queued", "running", "aside"]},
    next=PERHAPS_MOMENT,
    ran_at=PERHAPS_MOMENT,
    outcome={"enum": ["", "done", "failed"]},
)
SCHEDULE_LIST = thing(schedules=many(SCHEDULE))
