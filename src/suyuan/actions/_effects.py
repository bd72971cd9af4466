"""What each verb changes beyond moving the case, by verb. A verb that is not here only moves it."""

from collections.abc import Callable

from suyuan.domain.vocabulary import State

from . import (
    _recall,
    archive,
    callback,
    card,
    classify,
    clock,
    countersign,
    discipline,
    handle,
    rectification,
    route,
    verify,
)
from ._change import Change

Effect = Callable[[Change], State | None]
"""Returns a state only where the procedure's target depends on the case, e.g. taking back a merge."""

EFFECTS: dict[str, Effect] = {
    "register": classify.register,
    "classify": classify.classify,
    "reclassify": classify.reclassify,
    "dispatch": route.dispatch,
    "transfer": route.transfer,
    "return": route.give_back,
    "merge": route.merge,
    "unmerge": route.unmerge,
    "accept": handle.accept,
    "contact": handle.contact,
    "urge": handle.urge,
    "supervise": handle.supervise,
    "submit_finding": verify.submit_finding,
    "add_item": verify.add_item,
    "judge_item": verify.judge_item,
    "write_report": verify.write_sheet,
    "work_out_billing": verify.write_sheet,
    "check_meter": verify.write_sheet,
    "check_voltage": verify.write_sheet,
    "check_connection": verify.write_sheet,
    "work_out_damage": verify.write_sheet,
    "visit_site": verify.visit_site,
    "review_pass": verify.review_pass,
    "review_amend": verify.review_amend,
    "review_return": verify.review_return,
    "answer": handle.answer,
    "arrive": handle.work,
    "restore": handle.work,
    "pause": clock.pause,
    "resume": clock.resume,
    "call_back": callback.call_back,
    "second_handle": callback.second_handle,
    "analyse_responsibility": callback.analyse_responsibility,
    "issue_card": card.issue_card,
    "take_card": card.take_card,
    "archive": archive.archive,
    "reopen": archive.reopen,
    "order_rectification": rectification.order,
    "revise": countersign.revise,
    "circulate": countersign.circulate,
    "sign": countersign.sign,
    "reject": countersign.reject,
    "withdraw": countersign.withdraw,
    "delegate": countersign.delegate,
    "pull_back": countersign.pull_back,
    "carry_out": rectification.carry_out,
    "verify_effect": rectification.verify_effect,
    "accuse": discipline.accuse,
    "restrict": discipline.restrict,
    "lift_restriction": discipline.lift_restriction,
    "entrust": discipline.entrust,
    "recall": _recall.recall,
}
