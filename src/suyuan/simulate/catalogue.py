"""What customers contact the company about, how often, and why they complain.

The shares of complaint causes follow the papers: 52 % come from dissatisfaction with staff service. Within
a cause the shares are ours (docs/simulate.md gives the reason for each group).
"""

from dataclasses import dataclass

from suyuan.simulate.routines import DELIVERY, HARDWARE, PERSONAL, STAFF

MIX = {
    "consult": 0.395,
    "query": 0.24,
    "repair": 0.13,
    "complaint": 0.055,
    "opinion": 0.05,
    "suggestion": 0.012,
    "praise": 0.012,
    "report": 0.008,
    "application.reconnect": 0.022,
    "application.appliance": 0.006,
    "application.meter": 0.02,
    "application.reading": 0.018,
    "application.charging": 0.005,
    "application.other": 0.025,
    "supervise": 0.002,
}
"""Share of each business type among contacts that no outage and no earlier order caused."""

CHANNELS = {
    "95598": 0.74, "app": 0.08, "hall": 0.06, "web": 0.035, "12345": 0.04, "12398": 0.015, "visit": 0.012,
    "card": 0.008, "media": 0.006, "letter": 0.004,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing people complain of: its weight in percent, category, cause, and the fault behind it.

    ``unit`` is the role of the unit that answers; ``specialty`` the department that reviews. ``mode`` is how
    ``routine``'s step number ``step`` went wrong: person (the step itself was done badly), missing, slow,
    redo, or none (nothing went wrong: the wish cannot be met).
    """

    key: str
    weight: float
    category: str
    cause: str
    unit: str
    specialty: str
    routine: str
    step: int
    mode: str


MKT, OPS, DSP, CON = "marketing", "operations", "dispatching", "construction"

COMPLAINTS = (
    Complaint("hall_attitude", 10, "service.hall.attitude", STAFF, "hall", MKT, "counter", 1, "person"),
    Complaint("hall_conduct", 9, "service.hall.conduct", STAFF, "hall", MKT, "counter", 1, "person"),
    Complaint("hall_service", 8, "service.hall.service", STAFF, "hall", MKT, "counter", 1, "person"),
    Complaint("survey_attitude", 2, "service.survey.attitude", STAFF, "station", MKT, "visit", 1, "person"),
    Complaint("survey_conduct", 2, "service.survey.conduct", STAFF, "station", MKT, "visit", 1, "person"),
    Complaint(
        "metering_attitude", 2, "service.metering.attitude", STAFF, "station", MKT, "visit", 1, "person"
    ),
    Complaint("metering_conduct", 2, "service.metering.conduct", STAFF, "station", MKT, "visit", 1, "person"),
    Complaint(
        "inspect_attitude", 1, "service.inspection.attitude", STAFF, "station", MKT, "visit", 1, "person"
    ),
    Complaint(
        "inspect_conduct", 1, "service.inspection.conduct", STAFF, "station", MKT, "visit", 1, "person"
    ),
    Complaint("reading_attitude", 4, "service.reading.attitude", STAFF, "station", MKT, "visit", 1, "person"),
    Complaint("reading_conduct", 3, "service.reading.conduct", STAFF, "station", MKT, "visit", 1, "person"),
    Complaint("repair_attitude", 3, "outage.repair.attitude", STAFF, "station", OPS, "fault", 1, "person"),
    Complaint("repair_conduct", 3, "outage.repair.conduct", STAFF, "station", OPS, "fault", 2, "person"),
    Complaint(
        "works_attitude", 1, "construction.conduct.attitude", STAFF, "station", CON, "works", 1, "person"
    ),
    Complaint(
        "works_conduct", 1, "construction.conduct.conduct", STAFF, "station", CON, "works", 1, "person"
    ),
    Complaint(
        "connect_late", 4.5, "business.connection.overtime", DELIVERY, "station", MKT, "connection", 3, "slow"
    ),
    Complaint(
        "connect_step", 3, "business.connection.step", DELIVERY, "station", MKT, "connection", 4, "redo"
    ),
    Complaint("change_late", 3, "business.change.overtime", DELIVERY, "station", MKT, "meter", 2, "slow"),
    Complaint("change_step", 2, "business.change.step", DELIVERY, "station", MKT, "meter", 3, "slow"),
    Complaint(
        "reading_late", 3.5, "business.billing.reading", DELIVERY, "station", MKT, "round", 1, "missing"
    ),
    Complaint("dunning", 1, "business.billing.dunning", DELIVERY, "station", MKT, "billing", 2, "missing"),
    Complaint(
        "reconnect_late", 3, "business.billing.reconnect", DELIVERY, "station", MKT, "reconnect", 2, "slow"
    ),
    Complaint("bill", 1.5, "business.price.bill", DELIVERY, "station", MKT, "billing", 0, "redo"),
    Complaint("tariff", 0.5, "business.price.tariff", DELIVERY, "station", MKT, "billing", 0, "redo"),
    Complaint(
        "charge_standard", 0.5, "business.fee.standard", DELIVERY, "station", MKT, "connection", 3, "redo"
    ),
    Complaint("charge_item", 0.5, "business.fee.item", DELIVERY, "station", MKT, "connection", 3, "redo"),
    Complaint("no_notice", 2.5, "outage.notice.none", DELIVERY, "station", DSP, "planned", 1, "missing"),
    Complaint("repair_late", 2.5, "outage.repair.overtime", DELIVERY, "station", OPS, "fault", 1, "slow"),
    Complaint(
        "frequent", 5, "quality.reliability.frequent", HARDWARE, "station", OPS, "defect", 2, "missing"
    ),
    Complaint(
        "voltage", 3.5, "quality.voltage.abnormal", HARDWARE, "station", OPS, "reinforce", 1, "missing"
    ),
    Complaint("meter_fault", 2, "business.meter.device", HARDWARE, "station", MKT, "test", 1, "slow"),
    Complaint("wiring", 0.5, "business.meter.wiring", HARDWARE, "station", MKT, "meter", 0, "redo"),
    Complaint("meter_test", 0.5, "business.meter.test", HARDWARE, "station", MKT, "test", 2, "slow"),
    Complaint("rotation", 0.5, "business.meter.rotation", HARDWARE, "station", MKT, "meter", 0, "redo"),
    Complaint("repair_quality", 1.5, "outage.repair.quality", HARDWARE, "station", OPS, "fault", 2, "redo"),
    Complaint(
        "works_site", 1, "construction.conduct.restoration", HARDWARE, "station", CON, "works", 2, "missing"
    ),
    Complaint(
        "capacity", 0.5, "construction.capacity.supply", HARDWARE, "station", CON, "reinforce", 1, "slow"
    ),
    Complaint("wish_tariff", 2, "business.price.tariff", PERSONAL, "station", MKT, "", 0, "none"),
    Complaint("wish_bill", 1.5, "business.price.bill", PERSONAL, "station", MKT, "", 0, "none"),
    Complaint("wish_plan", 1.5, "outage.notice.none", PERSONAL, "station", DSP, "", 0, "none"),
)
BY_KEY = {c.key: c for c in COMPLAINTS}
