"""The shapes of what ``suyuan schedule`` prints."""

from suyuan.domain.schedule import Kind

from .shapes import FLAG, PERHAPS_MOMENT, TEXT, many, thing

SCHEDULE = thing(
    code=TEXT,
    kind={"enum": [kind.value for kind in Kind]},
    cron=TEXT,
    parameters={"type": "object"},
    paused=FLAG,
    state={"enum": ["queued", "running", "aside"]},
    next=PERHAPS_MOMENT,
    ran_at=PERHAPS_MOMENT,
    outcome={"enum": ["", "done", "failed"]},
)
SCHEDULE_LIST = thing(schedules=many(SCHEDULE))
