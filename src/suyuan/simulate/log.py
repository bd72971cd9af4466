"""The city's event log while it is being collected: objects, events, who took part."""

from dataclasses import dataclass, field

from suyuan.simulate.city import City
from suyuan.simulate.routines import CASE_STEPS, ROUTINES

Event = tuple[int, str, tuple[tuple[str, str], ...], str]
"""Moment, activity, (object, qualifier) pairs, and the one attribute an event may carry."""

OBJECT_TYPES = {
    "户号": "Account", "电能表": "Meter", "台区": "Area", "线路": "Feeder", "单位": "Unit", "人员": "Staff",
    "停电事件": "Outage", "投诉工单": "ComplaintCase", "举报工单": "ReportCase", "报修工单": "RepairCase",
    "服务申请工单": "ApplicationCase", "意见工单": "OpinionCase", "催办工单": "UrgeCase",
    "咨询工单": "EnquiryCase",
} | {p.object_type: p.object_code for p in ROUTINES.values()}  # fmt: skip
ACTIVITIES = (
    {s.activity: s.code for p in ROUTINES.values() for s in p.steps}
    | dict(CASE_STEPS.values())
    | {
        "换表流程发起被拒": "MeterChangeRefused", "抄表录入": "ReadingEntered", "抄表划零": "ReadingZeroed",
        "线路停电": "FeederDown", "线路送电": "FeederUp", "电压越下限告警": "LowVoltageAlarmed",
    }
)  # fmt: skip
CASE_TYPES = {
    "complaint": "投诉工单", "report": "举报工单", "repair": "报修工单", "opinion": "意见工单",
    "suggestion": "意见工单", "praise": "意见工单", "urge": "催办工单", "supervise": "催办工单",
    "consult": "咨询工单", "query": "咨询工单", "application": "服务申请工单",
}  # fmt: skip
ATTRIBUTE = {"抄表录入": "kwh", "抄表划零": "kwh", "换表流程发起被拒": "reason", "线路停电": "outage_class"}


@dataclass(slots=True)
class Log:
    """Objects and events of one city."""

    city: City
    objects: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Object id → type and name (never a person's)."""
    events: list[Event] = field(default_factory=list)
    relations: dict[tuple[str, str, str], None] = field(default_factory=dict)
    serial: dict[str, int] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    """Complaint → its category, as it was registered."""
    promised: dict[str, int] = field(default_factory=dict)
    """Order → the moment by which the customer was promised it."""

    def add(self, at: int, activity: str, *links: tuple[str, str], note: str = "") -> None:
        """Record that something happened to these objects."""
        self.events.append((int(at), activity, links, note))

    def relate(self, source: str, target: str, qualifier: str) -> None:
        """Record that two objects belong together."""
        self.relations[(source, target, qualifier)] = None

    def number(self, prefix: str, object_type: str, name: str = "") -> str:
        """Return a new object of that type."""
        self.serial[prefix] = self.serial.get(prefix, 0) + 1
        number = f"{prefix}{self.serial[prefix]:07d}"
        self.objects[number] = (object_type, name)
        return number

    def account(self, customer: int) -> str:
        """Return the customer's account object, with its meter, area, feeder and station around it."""
        account = self.city.accounts[customer]
        if account not in self.objects:
            self.objects[account] = ("户号", "")
            meter = self.city.meters[customer]
            self.objects[meter] = ("电能表", "")
            self.relate(account, meter, "meter")
            self.relate(account, self.area(int(self.city.customer_area[customer])), "area")
        return account

    def area(self, area: int) -> str:
        """Return a transformer area's object."""
        name = f"TQ{area + 1:05d}"
        if name not in self.objects:
            self.objects[name] = ("台区", self.city.area_names[area])
            self.relate(name, self.feeder(int(self.city.area_feeder[area])), "feeder")
        return name

    def feeder(self, feeder: int) -> str:
        """Return a feeder's object."""
        name = f"XL{feeder + 1:05d}"
        if name not in self.objects:
            self.objects[name] = ("线路", self.city.feeder_names[feeder])
            self.relate(name, self.unit(self.city.stations[self.city.feeder_station[feeder]]), "unit")
        return name

    def unit(self, code: str) -> str:
        """Return a unit's object."""
        if code not in self.objects:
            self.objects[code] = ("单位", next(u.name for u in self.city.units if u.code == code))
        return code

    def person(self, unit: str, draw: int) -> str:
        """Return one of the unit's people."""
        people = self.city.by_unit[unit]
        username = people[draw % len(people)].username
        self.objects.setdefault(username, ("人员", ""))
        return username
