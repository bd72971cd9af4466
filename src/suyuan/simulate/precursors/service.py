"""Precursors in how customers are served: low marks nobody takes up, complaints written down as something
else, a station that does so as a rule, a matter nobody spoke of before, more and more of one kind."""

from suyuan.simulate.catalogue import BY_KEY, COMPLAINTS
from suyuan.simulate.contact import Contact
from suyuan.simulate.demand import assign
from suyuan.simulate.precursors.planted import Ground, Precursor
from suyuan.simulate.window import DAY

COMPLAINT = "complaint"
THEME = (
    "客户反映换装新电表后每天收到三次余额不足短信，账户里有余额，询问是否系统出错。",
    "客户咨询为什么换新表以后反复收到余额预警短信，{area}邻居也都收到了。",
    "客户反映余额预警短信重复发送，半夜也发，要求停止，已查余额充足。",
    "客户来电称新表装好后余额提醒短信一天好几条，担心被停电，请核实。",
)
TOOK_UP = 0.35
"""Chance that whoever was dissatisfied when called back complains within three weeks (ours)."""


def silent(ground: Ground) -> None:
    """Let some who were dissatisfied when they were called back, and said no more, complain later."""
    rng = ground.rng
    later = {"repair": "repair_quality", "complaint": "hall_conduct"}
    for contact in ground.anyway:
        if contact.satisfaction != "dissatisfied" or contact.child or contact.kind == COMPLAINT:
            continue
        began = contact.moments["called_back_at"]
        seen = Precursor("silent_dissatisfaction", contact, contact.unit, began, customer=contact.customer)
        ground.out.found.append(seen)
        if rng.random() < TOOK_UP:
            topic = later.get(contact.kind, "change_late")
            ground.complain(topic, contact.customer, ground.calling(began + ground.days(2, 20)), seen)


def misread(ground: Ground) -> None:
    """Let complaints be written down as opinions and questions: few anywhere, most of them at one station."""
    rng, window, city = ground.rng, ground.window, ground.city
    station = next(u for u in city.stations[::-1] if u not in ground.plan.stations)
    ground.out.found.append(Precursor("under_registration", f"unit:{station}", station, 0))
    here = [c for c in range(ground.customers) if city.station_of(c) == station]
    usual = ground.customers / 300 * window.days / 30
    for people, mean in ((list(range(ground.customers)), usual), (here, usual)):
        for _ in range(max(3, int(rng.poisson(mean))) if people else 0):
            customer = int(rng.choice(people))
            at = ground.calling(rng.uniform(0, window.days - 1) * DAY)
            kind = "opinion" if rng.random() < 0.6 else "consult"
            contact = assign(city, Contact(at, kind, customer, topic=_topic(ground)))
            contact.unit = city.station_of(customer)
            if at < window.cut:
                _say(ground, contact, COMPLAINT)
                row = BY_KEY[contact.topic]
                ground.out.found.append(
                    Precursor("misclassified", contact, contact.unit, at, row.category, customer=customer)
                )


def _topic(ground: Ground) -> str:
    weights = [row.weight for row in COMPLAINTS]
    total = sum(weights)
    return str(ground.rng.choice([row.key for row in COMPLAINTS], p=[each / total for each in weights]))


def theme(ground: Ground) -> None:
    """Let a matter nobody spoke of before come up in one county, from three weeks before the end on."""
    rng, window, city = ground.rng, ground.window, ground.city
    county = ground.plan.hall[:4]
    people = [c for c in range(ground.customers) if city.station_of(c)[:4] == county]
    first = max(3, window.days - 21)
    seen = Precursor("emerging_theme", f"unit:{county}", county, first * DAY)
    ground.out.found.append(seen)
    for day in range(first, window.days):
        for _ in range(int(rng.poisson(0.4 + 2.2 * (day - first) / 21))):
            at = ground.calling(day * DAY)
            kind = "consult" if rng.random() < 0.5 else "opinion"
            contact = assign(city, Contact(at, kind, int(rng.choice(people))))
            if at < window.cut:
                _say(ground, contact, str(THEME[int(rng.integers(len(THEME)))]))


def drift(ground: Ground) -> None:
    """Let questions about bills become more from the middle on, in words of their own."""
    rng, window, city = ground.rng, ground.window, ground.city
    first = window.days // 2
    ground.out.found.append(Precursor("drift", "mix:application.reading", "01", first * DAY))
    mean = ground.customers / 1_000 * 0.5
    for day in range(first, window.days):
        for _ in range(int(rng.poisson(mean * (1 + (day - first) / 20)))):
            at = ground.calling(day * DAY)
            contact = assign(city, Contact(at, "application.reading", int(rng.integers(ground.customers))))
            if at < window.cut:
                _say(
                    ground,
                    contact,
                    "客户反映新版账单上的抄表示数与远程采集示数不一致，申请核实，户号{account}。",
                )


def _say(ground: Ground, contact: Contact, words: str) -> None:
    ground.out.contacts.append(contact)
    ground.out.spoken[id(contact)] = words
