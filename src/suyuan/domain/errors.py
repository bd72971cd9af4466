"""Every way a rule can say no.

A rule knows nothing of HTTP. Each error carries a stable ``code`` for programs, ``facts`` for the
message and no personal data; every door turns it into a page, a response or an exit code in one place.
"""


class RuleError(Exception):
    """The rules do not allow this."""

    code = "rule_error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.__doc__} {facts}" if facts else self.__doc__)


class Refused(RuleError):
    """This step is not open to this person on this case now."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


class BadInput(RuleError):
    """What was handed in cannot be understood."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(**facts)


class RulebookError(RuleError):
    """A rulebook file is wrong: the facts name file, table, key and problem."""

    code = "rulebook_error"


class CalendarGap(RuleError):
    """The working calendar has no entry for that date."""

    code = "calendar_gap"


class ChainBroken(RuleError):
    """An event does not follow from the one before it."""

    code = "chain_broken"
