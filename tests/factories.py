"""People, units and cases made through the real actions."""

from datetime import UTC, datetime, timedelta

from suyuan.actions import intake
from suyuan.actions.perform import perform
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Case, Grant, Person, Support, Unit
from suyuan.store.queries import viewer

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
"""Wednesday 2026-03-04 10:30 in Shanghai."""

UNITS = (
    ("01", "溯源市供电公司", None, ""),
    ("0101", "东城供电所", "01", "marketing"),
    ("0102", "西城供电所", "01", "marketing"),
    ("0109", "监审部", "01", ""),
)
HOME_OF = {Role.STATION: "0101"}
"""Where each role is held; every other one at the root."""


def unit(code: str = "0101") -> Unit:
    """Return a unit of the test company, making the company on first use."""
    found = {one.code: one for one in Unit.objects.filter(code__in={"01", code})}
    if "01" not in found:
        for each, name, parent, specialty in UNITS:
            above = found.get(parent)
            path = f"{above.path if above else '/'}{each}/"
            found[each] = Unit.objects.create(
                code=each, name=name, parent=above, path=path, specialty=specialty
            )
    return found[code]


def person(role: str, at: str = "", username: str = "") -> Person:
    """Return somebody who holds ``role`` over a unit."""
    name = username or role
    found = Person.objects.filter(username=name).first()
    if found is None:
        code = at or HOME_OF.get(Role(role), "01")
        at_home = unit(code)
        found = Person(username=name, name=name, unit=at_home)
        found.set_unusable_password()
        found.save()
        Grant.objects.create(person=found, role=role, unit=at_home)
    return found


def actor(role: str, at: str = "", username: str = ""):
    """Return the actor a person with ``role`` is."""
    return viewer.of(person(role, at, username)).actor


def incoming(**given: str) -> intake.Incoming:
    """Return what a customer says, unless told otherwise a complaint about estimated readings."""
    said = {
        "channel": "95598",
        "business_type": "complaint",
        "text": "客户反映抄表员连续三个月未抄表，电话13912345678，要求核实",
        "account": "3300012345678",
        "phone": "13912345678",
        "customer": "张三丰",
        "address": "人民路12号3栋",
    }
    return intake.Incoming(**(said | given))


FORMS = {
    "register": lambda case: (
        {"business_type": case.business_type} | ({"site": "urban"} if case.business_type == "repair" else {})
    ),
    "dispatch": lambda case: {"unit": "0101", "specialty": "marketing"},
    "accept": lambda case: {},
    "contact": lambda case: {"reached": True, "contact_note": "已电话联系客户"},
    "submit_finding": lambda case: {
        "finding": "verified",
        "cause": "经现场核查，换表后未归档",
        "measures": "补抄并更正",
        "reply": "已更正电费",
        "evidence": "现场照片",
    },
    "write_report": lambda case: {
        "situation": "客户反映连续三个月零抄见",
        "investigation": "查换表工单未归档",
        "problems": "换表流程未闭环",
        "rectification": "补抄并更正",
        "suggestions": "换表工单超期预警",
    },
    "work_out_billing": lambda case: {
        "read_from": "100",
        "read_to": "400",
        "tariff": "0.5",
        "charged": "200",
    },
    "judge_item": lambda case: {
        "item": "1",
        "finding": "verified",
        "clause": "complaint.answer",
        "evidence": "现场照片",
    },
    "review_pass": lambda case: (
        {"finding": "verified", "clause": "complaint.answer", "evidence": "现场照片"}
        if case.procedure in ("complaint", "report")
        else {}
    ),
    "arrive": lambda case: {},
    "restore": lambda case: {"cause": "熔丝熔断", "measures": "更换熔丝"},
    "answer": lambda case: (
        {"reply": "已处理"} | ({"measures": "已更换"} if case.procedure == "application" else {})
    ),
    "call_back": lambda case: {"reached": True, "satisfaction": "satisfied"},
    "order_rectification": lambda case: {
        "problems": "抄表员连续三个月估抄",
        "measures": "补抄, 每月抽查",
        "unit": "0101",
        "due_on": "2026-04-30",
    },
    "register_improvement": lambda case: {
        "improvement_kind": "hardware",
        "problems": "老旧电能表不能远传示数",
        "unit": "0101",
    },
    "plan_improvement": lambda case: {"measures": "更换电能表", "unit": "0101", "due_on": "2026-04-30"},
    "check_improvement": lambda case: {"effective": True, "evidence": "抽查记录", "note": "已能远传"},
    "promise": lambda case: {"promise": "换表后补退电费", "promised_on": "2026-03-10"},
    "keep_promise": lambda case: {"commitment": "1"},
    "move_promise": lambda case: {"commitment": "1", "promised_on": "2026-03-20", "note": "表计缺货"},
    "relay": lambda case: {"relay_to": "marketing", "message": "客户要求当面答复"},
    "relay_answer": lambda case: {"relay": "1", "came_back": "营销部派人上门"},
    "ask_support": lambda case: {"unit": "0102", "request": "请查该户去年的抄表记录"},
    "answer_support": lambda case: {"reply": "去年十月起为估抄"},
    "decline_support": lambda case: {"reason": "not_ours", "note": "该户不在本所"},
    "rate_support": lambda case: {
        "support": Support.objects.filter(case__parent_number=case.number)
        .values_list("case__number", flat=True)
        .order_by("pk")
        .last(),
        "support_rating": "good",
    },
    "open_liability": lambda case: {},
    "propose_shares": lambda case: {},
    "propose_veto": lambda case: {
        "unit": "0101",
        "reason": "concealment",
        "veto_until": "2026-06-30",
        "evidence": "通话录音 2026-118",
        "note": "三次来电未登记投诉",
    },
    "set_share": lambda case: {
        "liability_node": "file.address",
        "unit": "0102",
        "share": "60",
        "evidence": "批量地址修改单未归档",
    },
    "put_forward": lambda case: {"responsibility": "delivery", "analysis": "换表流程被未归档的工单占住"},
    "review_shares": lambda case: {},
    "sign_shares": lambda case: {},
    "analyse_specialty": lambda case: {
        "direct_cause": "换表工单未归档",
        "management_cause": "换表流程没有超期预警",
        "recurs": True,
        "typical": True,
        "specialty_measures": "每周通报未归档的换表工单",
    },
    "analyse_responsibility": lambda case: {
        "responsibility": "delivery",
        "unit": "0101",
        "post": "抄表班长",
        "analysis": "答复前没有人复核示数",
    },
    "archive": lambda case: {},
    "urge": lambda case: {"note": "客户来电催办，要求尽快答复"},
    "supervise": lambda case: {"note": "请限期查清并书面回复"},
    "acknowledge": lambda case: {},
    "report_supervision": lambda case: {"measures": "已派员现场核实", "evidence": "核实记录"},
    "return_supervision": lambda case: {"note": "请补报原因"},
    "close_supervision": lambda case: {},
    "circulate": lambda case: {},
    "sign": lambda case: {},
    "carry_out": lambda case: {"evidence": "抽查记录", "note": "已逐户补抄"},
    "verify_effect": lambda case: {
        "effective": True,
        "means": "check",
        "evidence": "抽查记录",
        "note": "抽查二十户无估抄",
    },
}
UNHAPPY = {
    "reached": True,
    "satisfaction": "dissatisfied",
    "dissatisfied_reason": "not_solved",
    "more_needed": True,
}
"""What is written down of a customer who was called back and is not content."""
UNREACHED = {"reached": False, "unreached_reason": "no_answer"}
PATHS = {
    "complaint": (
        "register",
        "dispatch",
        "accept",
        "contact",
        "write_report",
        "submit_finding",
        "review_pass",
        "call_back",
        "archive",
    ),
    "report": (
        "register",
        "dispatch",
        "accept",
        "contact",
        "write_report",
        "submit_finding",
        "review_pass",
        "call_back",
        "archive",
    ),
    "repair": ("register", "dispatch", "accept", "arrive", "restore", "answer", "call_back", "archive"),
    "opinion": ("register", "dispatch", "accept", "contact", "answer", "review_pass", "call_back", "archive"),
    "enquiry": ("register", "dispatch", "accept", "answer", "call_back", "archive"),
    "application": ("register", "dispatch", "accept", "arrive", "answer", "call_back", "archive"),
}
TYPES = {
    "complaint": "complaint",
    "report": "report",
    "repair": "repair",
    "opinion": "opinion",
    "enquiry": "consult",
    "application": "application.meter",
}


def do(case: Case, verb: str, by: str, now: datetime = NOW, **form: object) -> Case:
    """Do one verb and return the case as it then stands."""
    perform(number=case.number, verb=verb, actor=actor(by), now=now, form=form)
    return Case.objects.select_related("unit").get(pk=case.pk)


def who(case: Case, verb: str) -> str:
    """Return a role that may do the verb on its happy path."""
    if case.procedure == "report" and verb in (
        "accept",
        "contact",
        "write_report",
        "submit_finding",
        "call_back",
        "order_rectification",
        "register_improvement",
        "open_liability",
        "propose_veto",
        "promise",
        "relay",
        "ask_support",
        "rate_support",
        "analyse_responsibility",
        "archive",
    ):
        return "audit"
    if case.procedure == "report" and verb in ("review_pass", "judge_item"):
        return "leader"
    checker = case.specialty if case.specialty in ("marketing", "operations") else "office"
    return {
        "register": "agent",
        "dispatch": "office",
        "review_pass": checker,
        "judge_item": checker,
        "analyse_specialty": checker,
        "call_back": "agent",
        "order_rectification": "office",
        "register_improvement": "office",
        "open_liability": "office",
        "propose_veto": "office",
        "relay": "agent",
        "ask_support": "agent",
        "rate_support": "agent",
        "analyse_responsibility": "office",
        "archive": "lead",
        "verify_effect": "office",
        "urge": "agent",
        "supervise": "leader",
    }.get(verb, "station")


def case_at(state: str, procedure: str = "complaint", now: datetime = NOW, **said: str) -> Case:
    """Return a case walked through the real verbs until it stands in ``state``."""
    unit()
    number = intake.receive(
        incoming=incoming(business_type=TYPES[procedure], **said), actor=actor("agent"), now=now
    )
    case = Case.objects.select_related("unit").get(number=number)
    for step, verb in enumerate(PATHS[procedure], start=1):
        if case.state == state and (state != "callback" or case.called_back_at is None):
            return case
        form = FORMS[verb](case)
        if state == "archived" and form.get("finding"):
            form["finding"] = "unverified"  # what was true would be put right first: see order_at
        case = do(case, verb, who(case, verb), now + timedelta(minutes=step), **form)
    assert case.state == state, f"{procedure} never stands in {state}"
    return case


SIGNING = ("station", "marketing", "operations", "office")
"""Who signs a rectification order, in the order of its nodes."""
MONTH = timedelta(days=31)
"""Longer than it takes until the effect of a rectification can be told."""


def order_at(state: str, now: datetime = NOW, complaint: Case | None = None) -> Case:
    """Return a rectification order, opened from a verified complaint, that stands in ``state``."""
    parent = complaint or case_at("callback", now=now)
    now += timedelta(hours=1)
    do(
        parent,
        "order_rectification",
        who(parent, "order_rectification"),
        now,
        **FORMS["order_rectification"](parent),
    )
    case = Case.objects.select_related("unit").filter(parent_number=parent.number).latest("pk")
    turns = [("circulate", "station"), *(("sign", role) for role in SIGNING), ("carry_out", "station")]
    later = {"carry_out": timedelta(days=1), "verify_effect": MONTH}
    for verb, role in (*turns, ("verify_effect", "office")):
        if case.state == state:
            return case
        now += later.get(verb, timedelta(minutes=1))
        case = do(case, verb, role, now, **FORMS[verb](case))
    assert case.state == state, f"a rectification order never stands in {state}"
    return case


def opened_by(parent: Case, verb: str, now: datetime = NOW) -> Case:
    """Return the case that a verb opens from another."""
    do(parent, verb, who(parent, verb), now, **FORMS[verb](parent))
    return Case.objects.select_related("unit").filter(parent_number=parent.number).latest("pk")


def support_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a request for support with a case, asked of another station, that stands in ``state``."""
    case = opened_by(parent or case_at("handling", now=now), "ask_support", now + timedelta(hours=1))
    actor("station", "0102", "helper")
    for step, verb in enumerate(("accept", "answer_support"), start=1):
        if case.state != state:
            helper, at = actor("station", "0102", "helper"), now + timedelta(hours=1, minutes=step)
            perform(number=case.number, verb=verb, actor=helper, now=at, form=FORMS.get(verb, dict)(case))
            case.refresh_from_db()
    assert case.state == state, f"a request for support never stands in {state}"
    return case


def improvement_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return an entry of the improvement register, opened from a verified complaint, in ``state``."""
    case = opened_by(parent or case_at("callback", now=now), "register_improvement", now + timedelta(hours=1))
    now += timedelta(hours=1)
    later = {"carry_out": timedelta(days=1), "check_improvement": MONTH}
    turns = (("plan_improvement", "office"), ("carry_out", "station"), ("check_improvement", "office"))
    for verb, role in turns:
        if case.state == state:
            return case
        now += later.get(verb, timedelta(minutes=1))
        case = do(case, verb, role, now, **FORMS[verb](case))
    assert case.state == state, f"an improvement never stands in {state}"
    return case


def supervision_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a supervision order a leader issued on a case being handled, that stands in ``state``."""
    case = opened_by(parent or case_at("handling", now=now), "supervise", now + timedelta(hours=1))
    turns = (("acknowledge", "station"), ("report_supervision", "station"), ("close_supervision", "leader"))
    for step, (verb, role) in enumerate(turns, start=1):
        if case.state == state:
            return case
        case = do(case, verb, role, now + timedelta(hours=1, minutes=10 * step), **FORMS[verb](case))
    assert case.state == state, f"a supervision order never stands in {state}"
    return case
