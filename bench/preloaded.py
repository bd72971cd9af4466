"""What a process that forks workers loads once: the programme and the rulebook, and no connection."""

import django

django.setup()

from suyuan.jobs import deliver  # noqa: E402 after setup; loaded here so that every fork has it
from suyuan.store import rules  # noqa: E402 same

rules.rulebook()
rules.label("notice", "test", "zh")

__all__ = ["deliver"]
