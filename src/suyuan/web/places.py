"""The navigation: the places of the console in four groups, each shown to whoever may open it."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, override

from suyuan.domain.vocabulary import Role

from . import access


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation."""

    address: str
    icon: str
    title: object
    beneath: str = ""
    """Other addresses, by name, at which somebody is at this place."""


@dataclass(frozen=True, slots=True)
class Group:
    """Places that belong together, under one heading."""

    title: object
    places: tuple[Place, ...]


CASE = "case verb undo attach search reveal portrait evidence evidence_open evidence_verb evidence_due"
VIEWS = "views view view_share"
MANY = "bulk bulk_choose bulk_fill bulk_run worksheet worksheet_result worksheet_upload"
RULES = (
    "rules_kind rules_entry rules_new rules_revise rules_proposals rules_proposal rules_notice rules_retarget"
)
PEOPLE = "person person_add people_file people_file_checked people_file_columns"
CHANNELS = "channels channel channel_add channel_test"

GROUPS = (
    Group(
        gettext_lazy("日常"),
        (
            Place("home", "home", gettext_lazy("首页"), "week calls"),
            Place("queue", "inbox", gettext_lazy("我的工单"), f"{CASE} {MANY} {VIEWS}"),
            Place("discipline", "lock", gettext_lazy("举报与限制查阅")),
            Place(
                "warnings",
                "alert-triangle",
                gettext_lazy("预警"),
                "signals signal signal_open mutes mute_add comparison",
            ),
            Place("supports", "users", gettext_lazy("协办单")),
            Place("supervisions", "alert-triangle", gettext_lazy("督办单")),
            Place("protections", "lock", gettext_lazy("员工保护"), "protection_add"),
            Place("filings", "book", gettext_lazy("报备"), "filing_add"),
            Place("final_answers", "ban", gettext_lazy("最终答复")),
            Place("commitments", "circle-check", gettext_lazy("承诺登记")),
            Place("precomplaints", "headset", gettext_lazy("预投诉"), "precomplaint_open"),
            Place("disconnections", "bolt", gettext_lazy("欠费停电"), "disconnection_open"),
            Place("repeats", "history", gettext_lazy("重复来电")),
            Place("repair_order", "bolt", gettext_lazy("抢修先后")),
            Place("relays", "send", gettext_lazy("转告记录")),
            Place("contact", "phone-plus", gettext_lazy("登记来电"), "contact_lookup"),
            Place(
                "first_moves",
                "phone-plus",
                gettext_lazy("先手单"),
                "first_move first_move_number first_move_portrait first_moves_effect first_moves_held",
            ),
            Place(
                "missed_calls",
                "history",
                gettext_lazy("放弃来电"),
                "missed_call missed_call_number missed_call_contact "
                "call_files call_file_upload call_file_checked call_file_columns",
            ),
            Place("inbox", "bell", gettext_lazy("消息箱")),
        ),
    ),
    Group(
        gettext_lazy("指标与溯源"),
        (
            Place("board", "chart-bar", gettext_lazy("指标看板"), "drill consistency weak_links"),
            Place("hot_spots", "bolt", gettext_lazy("热点"), "hot_spot faults"),
            Place("detectors", "adjustments", gettext_lazy("探测器"), "detector"),
            Place("risk", "chart-bar", gettext_lazy("风险模型"), "risk_model"),
            Place("effects", "chart-bar", gettext_lazy("预警成效")),
            Place("recoveries", "history", gettext_lazy("补救成本"), "recovery_record"),
            Place("reconcile", "circle-check", gettext_lazy("百分百核对"), "reconcile_cases"),
            Place("returns", "send", gettext_lazy("转办件回报"), "return_file"),
            Place("shirking", "route", gettext_lazy("推诿")),
            Place("improvements", "tool", gettext_lazy("改进事项"), "improvement_add"),
            Place("evaluations", "bolt", gettext_lazy("技术评估"), "evaluation_open"),
            Place(
                "ledger",
                "receipt",
                gettext_lazy("奖惩台账"),
                "ledger_facts ledger_propose ledger_period ledger_decide ledger_reverse",
            ),
            Place("vetoes", "lock", gettext_lazy("一票否决"), "eligible"),
            Place("blame", "receipt", gettext_lazy("考核还原")),
            Place("liabilities", "git-branch", gettext_lazy("责任认定"), "liability_object trainings"),
            Place("appeals", "list", gettext_lazy("申诉"), "claims"),
            Place(
                "campaigns",
                "chart-bar",
                gettext_lazy("专项治理"),
                "campaign campaign_open campaign_add campaign_close",
            ),
            Place(
                "samples", "list", gettext_lazy("抽查样本"), "sample sample_draw sample_check sample_settle"
            ),
            Place("publications", "file-spreadsheet", gettext_lazy("生成的文件"), "publication export_page"),
            Place("population", "route", gettext_lazy("流程与投诉")),
            Place(
                "traces", "git-branch", gettext_lazy("投诉溯源"), "trace trace_take supply_take trace_judge"
            ),
            Place("trace_orders", "list", gettext_lazy("外部工单"), "trace_order"),
        ),
    ),
    Group(
        gettext_lazy("档案与规则"),
        (
            Place("import", "upload", gettext_lazy("导入工单"), "import_file import_layout run"),
            Place(
                "customers",
                "bolt",
                gettext_lazy("导入客户档案"),
                "customers_upload customers_checked customers_columns",
            ),
            Place("customers_bounced", "headset", gettext_lazy("失效的联系方式")),
            Place("units", "building", gettext_lazy("组织单位"), "units_confirm unit_add unit_edit"),
            Place(
                "people",
                "users",
                gettext_lazy("人员"),
                f"{PEOPLE} people_passwords people_passwords_made",
            ),
            Place("posts", "adjustments", gettext_lazy("岗位与角色"), "post post_add roles"),
            Place("duties", "table", gettext_lazy("岗位责任表"), "specialties"),
            Place("rules", "book", gettext_lazy("规则库"), RULES),
        ),
    ),
    Group(
        gettext_lazy("运行"),
        (
            Place("outbox", "send", gettext_lazy("发件箱"), f"outbox_message outbox_strays {CHANNELS}"),
            Place("work", "clock", gettext_lazy("后台作业"), "schedule schedule_add"),
            Place("looks", "lock", gettext_lazy("查看记录")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A place as it is shown."""

    place: Place
    url: str
    active: bool
    """Whether somebody is there."""
    count: int = 0
    """How much of what stands there is new."""


def navigation(request: HttpRequest, unread: int) -> SafeString:
    """Return the places whoever asks can go, as every page shows them."""
    here = request.resolver_match.url_name if request.resolver_match else ""
    return _drawn(get_language(), request.viewer.roles, here, unread)  # type: ignore[attr-defined]


@lru_cache(maxsize=2_000)
def _drawn(language: str, roles: frozenset[Role], here: str, unread: int) -> SafeString:
    """Return the same drawn once for each language, set of roles, page and number of new messages."""
    with override(language):
        return render_to_string("web/_places.html", {"groups": _groups(roles, here, unread)})


def _groups(roles: frozenset[Role], here: str, unread: int) -> list[tuple[object, list[Link]]]:
    """Return each group's heading with the places open to ``roles``; a group without any is left out."""
    shown = []
    for group in GROUPS:
        links = [
            Link(
                place,
                reverse(place.address),
                here in (place.address, *place.beneath.split()),
                unread if place.address == "inbox" else 0,
            )
            for place in group.places
            if access.refusal(place.address, roles) is None
        ]
        if links:
            shown.append((group.title, links))
    return shown
