"""The company's ordinary routines, each a list of steps with the unit that owes it and its usual delay.

A *fault* is one step that was missing, slow or done twice; a complaint's cause is such a fault. The names are
what an office's systems would write; no method may know them.
"""

from dataclasses import dataclass

STAFF = "staff"
HARDWARE = "hardware"
DELIVERY = "delivery"
PERSONAL = "personal"
"""The four causes of the paper on complaint management (员工行为, 硬件设施, 服务传递系统, 个性化需求)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One activity: its name, its name as an identifier, who does it, days after the step before."""

    activity: str
    code: str
    unit: str
    days: float


@dataclass(frozen=True, slots=True)
class Routine:
    """One kind of order or object and its steps; ``place`` is what it touches: account, area or feeder."""

    object_type: str
    object_code: str
    prefix: str
    place: str
    steps: tuple[Step, ...]


def _routine(kind: tuple[str, str, str, str], *steps: tuple[str, str, str, float]) -> Routine:
    return Routine(*kind, tuple(Step(*step) for step in steps))


ROUTINES = {
    "address": _routine(
        ("批量地址修改单", "AddressChange", "DZ", "area"),
        ("批量地址修改发起", "AddressChangeStarted", "marketing", 0),
        ("批量地址修改审核", "AddressChangeReviewed", "marketing", 1.5),
        ("批量地址修改归档", "AddressChangeArchived", "marketing", 2),
    ),
    "meter": _routine(
        ("换表单", "MeterChange", "HB", "account"),
        ("现场换表", "MeterSwapped", "team", 0),
        ("换表流程发起", "MeterChangeStarted", "team", 0.4),
        ("换表审核", "MeterChangeReviewed", "team", 1),
        ("新表信息入库", "MeterRegistered", "marketing", 1),
        ("换表归档", "MeterChangeArchived", "team", 1),
    ),
    "connection": _routine(
        ("业扩报装单", "Connection", "YK", "account"),
        ("用电申请受理", "ApplicationAccepted", "hall", 0),
        ("现场勘查", "SiteSurveyed", "station", 1),
        ("供电方案编制", "SupplyPlanDrafted", "operations", 2),
        ("供电方案答复", "SupplyPlanAnswered", "marketing", 1),
        ("竣工验收", "WorksInspected", "operations", 3),
        ("装表接电", "MeterInstalled", "team", 1.5),
        ("业扩归档", "ConnectionArchived", "marketing", 1),
    ),
    "reconnect": _routine(
        ("停复电单", "Reconnection", "FD", "account"),
        ("欠费停电", "ArrearsDisconnected", "station", 0),
        ("客户缴费", "BillPaid", "hall", 0.8),
        ("缴费到账确认", "PaymentConfirmed", "marketing", 0.05),
        ("复电指令下发", "ReconnectionOrdered", "dispatching", 0.05),
        ("现场复电", "Reconnected", "station", 0.2),
        ("停复电归档", "ReconnectionArchived", "station", 0.5),
    ),
    "billing": _routine(
        ("电费账单", "Bill", "DF", "account"),
        ("电量电费核算", "BillCalculated", "marketing", 0),
        ("电费发行", "BillIssued", "marketing", 1),
        ("账单送达", "BillDelivered", "station", 1),
    ),
    "round": _routine(
        ("抄表计划", "ReadingRound", "CB", "account"),
        ("抄表计划下达", "ReadingPlanned", "marketing", 0),
        ("抄表数据上传", "ReadingUploaded", "station", 1),
        ("抄表数据复核", "ReadingChecked", "marketing", 1),
    ),
    "test": _routine(
        ("校表单", "MeterTest", "JB", "account"),
        ("校表申请受理", "MeterTestAccepted", "hall", 0),
        ("电能表检定", "MeterTested", "team", 2),
        ("校表结果答复", "MeterTestAnswered", "team", 1),
    ),
    "planned": _routine(
        ("计划停电", "PlannedOutage", "JT", "feeder"),
        ("停电计划审批", "OutageApproved", "dispatching", 0),
        ("停电信息发布", "OutageNoticePublished", "party", 1),
        ("计划停电开始", "PlannedOutageBegan", "operations", 7.5),
        ("计划送电", "PlannedOutageEnded", "operations", 0.3),
    ),
    "fault": _routine(
        ("抢修单", "FaultRepair", "QX", "account"),
        ("抢修派工", "RepairAssigned", "dispatching", 0),
        ("抢修到场", "RepairArrived", "crew", 0.03),
        ("修复送电", "RepairDone", "crew", 0.08),
        ("现场清理", "RepairCleared", "crew", 0.02),
    ),
    "defect": _routine(
        ("线路缺陷单", "LineDefect", "QD", "feeder"),
        ("线路缺陷登记", "DefectRecorded", "operations", 0),
        ("缺陷消除计划", "DefectPlanned", "operations", 2),
        ("缺陷消除", "DefectCleared", "operations", 6),
    ),
    "reinforce": _routine(
        ("台区改造项目", "AreaReinforcement", "GZ", "area"),
        ("台区重载告警", "AreaOverloadAlarmed", "dispatching", 0),
        ("台区改造立项", "ReinforcementApproved", "construction", 4),
        ("台区改造施工", "ReinforcementBuilt", "construction", 12),
        ("台区改造投运", "ReinforcementInService", "operations", 2),
    ),
    "works": _routine(
        ("施工任务单", "ConstructionJob", "SG", "area"),
        ("施工进场", "WorksStarted", "construction", 0),
        ("施工完成", "WorksFinished", "construction", 5),
        ("施工现场恢复", "SiteRestored", "construction", 1),
        ("施工验收", "WorksAccepted", "operations", 2),
    ),
    "counter": _routine(
        ("营业厅服务", "CounterVisit", "YYT", "account"),
        ("取号排队", "TicketDrawn", "hall", 0),
        ("柜台受理", "CounterServed", "hall", 0.012),
        ("服务评价", "VisitRated", "hall", 0.01),
    ),
    "visit": _routine(
        ("上门服务", "FieldVisit", "SM", "account"),
        ("上门服务派工", "VisitAssigned", "station", 0),
        ("上门服务", "VisitMade", "station", 0.4),
        ("上门服务评价", "VisitConfirmed", "station", 0.05),
    ),
    "refund": _routine(
        ("退补单", "Refund", "TB", "account"),
        ("退补申请受理", "RefundAccepted", "hall", 0),
        ("退补审核", "RefundReviewed", "marketing", 1.5),
        ("退补到账", "RefundPaid", "marketing", 3),
        ("退补归档", "RefundArchived", "marketing", 0.5),
    ),
    "cutoff": _routine(
        ("欠费停电单", "ArrearsDisconnection", "QF", "account"),
        ("欠费停电申请", "DisconnectionAsked", "station", 0),
        ("停电通知送达", "DisconnectionNoticed", "station", 1),
        ("停电前提醒", "DisconnectionReminded", "station", 8),
        ("欠费停电", "ArrearsDisconnected", "station", 0.05),
        ("欠费停电归档", "DisconnectionArchived", "station", 0.5),
    ),
}
"""Routine by key. The delays are medians; each is spread log-normally. Refunds and disconnections are in no
city but one with precursors."""

REFUSED = ("换表流程发起被拒", "MeterChangeRefused")
READING = ("抄表录入", "ReadingEntered")
ZERO = ("抄表划零", "ReadingZeroed")
TRIP = ("线路停电", "FeederDown")
BACK = ("线路送电", "FeederUp")
LOW_VOLTAGE = ("电压越下限告警", "LowVoltageAlarmed")

CASE_STEPS = {
    "accepted_at": ("工单受理", "CaseAccepted"),
    "dispatched_at": ("工单派发", "CaseDispatched"),
    "taken_at": ("工单接单", "CaseTaken"),
    "contacted_at": ("联系客户", "CustomerContacted"),
    "arrived_at": ("到达现场", "CrewArrived"),
    "restored_at": ("恢复供电", "SupplyRestored"),
    "answered_at": ("工单回单", "CaseAnswered"),
    "reviewed_at": ("专业审核", "CaseReviewed"),
    "called_back_at": ("工单回访", "CustomerCalledBack"),
    "archived_at": ("工单归档", "CaseArchived"),
}
