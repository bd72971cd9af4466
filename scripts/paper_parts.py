"""What stands on the papers that come along: the rows of facts, the lists with their columns, in order."""

import tomllib
from pathlib import Path

from suyuan.domain.papers import SHEETS

FOLDER = Path(__file__).parents[1] / "src/suyuan/rulebook/papers"
LABELS = tomllib.loads((FOLDER.parent / "labels.toml").read_text("utf-8"))
CASE_ROWS = (
    (("工单编号", "{{ number }}"), ("业务类型", "{{ type }}")),
    (("受理时间", "{{ accepted_at }}"), ("办理期限", "{{ due_at }}")),
    (("受理渠道", "{{ channel }}"), ("当前状态", "{{ state }}")),
    (("供电单位", "{{ unit }}"), ("责任专业", "{{ specialty }}")),
    (("客户", "{{ customer }}"), ("联系电话", "{{ phone }}")),
    (("户号", "{{ account }}"), ("分类等级", "{{ category }} {{ level }}")),
)
ORDER_ROWS = (
    (("整改单编号", "{{ number }}"), ("来源工单", "{{ complaint }}")),
    (("下达时间", "{{ accepted_at }}"), ("整改期限", "{{ due_on }}")),
    (("责任单位", "{{ unit }}"), ("责任专业", "{{ specialty }}")),
    (("分类等级", "{{ category }} {{ level }}"), ("当前状态", "{{ state }}　会签第 {{ round }} 轮")),
)
"""What a rectification order is: no customer goes along with it."""
PROOF_ROWS = (
    CASE_ROWS[0],
    (("受理时间", "{{ accepted_at }}"), ("答复时间", "{{ answered_at }}")),
    (("承办单位", "{{ unit }}"), ("反馈对象", "{{ reporter }}")),
)
SUPPORT_ROWS = (
    (("协办单编号", "{{ number }}"), ("来源工单", "{{ complaint }}")),
    (("请求时间", "{{ accepted_at }}"), ("办理期限", "{{ due_at }}")),
    (("请求单位", "{{ asked_by }}"), ("协办单位", "{{ unit }}")),
)
APPEAL_ROWS = (
    (("申诉编号", "{{ number }}"), ("申诉工单", "{{ complaint }}")),
    (("申诉单位", "{{ unit }}"), ("工单结论", "{{ finding }}　归档于 {{ archived_at }}")),
    (("初次审定", "{{ first_decision }}"), ("最终审定", "{{ final_decision }}")),
)
LIABILITY_ROWS = (
    (("认定编号", "{{ number }}"), ("来源工单", "{{ complaint }}")),
    (("原因归属", "{{ responsibility }}"), ("欠缺的技能", "{{ skill_gap }}")),
    (("认定轮次", "{{ liability_round }}"), ("异议期截止", "{{ objection_until }}")),
    (("承办单位", "{{ unit }}"), ("效力", "{{ standing }}")),
)
VETO_ROWS = (
    (("否决单编号", "{{ number }}"), ("来源工单", "{{ complaint }}")),
    (("否决期限", "{{ veto_span }}"), ("效力", "{{ standing }}")),
)
ACCOUNTABILITY_ROWS = (
    (("决定编号", "{{ number }}"), ("责任认定", "{{ complaint }}")),
    (("当事人", "{{ concerned }}"), ("责任比例", "{{ percent }}")),
    (("责任节点", "{{ liability_node }}"), ("申诉期截止", "{{ appeal_until }}")),
)
NAMED_ROWS = (
    (("通知编号", "{{ number }}"), ("被点名单位", "{{ unit }}")),
    (("比较的月份", "{{ month }}"), ("紧急程度", "{{ level }}")),
    (("发出时间", "{{ accepted_at }}"), ("回复期限", "{{ reply_by }}")),
)
HEAD_ROWS = {"appeal": APPEAL_ROWS, "rectification": ORDER_ROWS, "support": SUPPORT_ROWS, "proof": PROOF_ROWS}
HEAD_ROWS |= {
    "named_warning": NAMED_ROWS,
    "liability": LIABILITY_ROWS,
    "veto": VETO_ROWS,
    "accountability": ACCOUNTABILITY_ROWS,
}
OWN_ROWS = {
    "rectification": (("暴露问题", "{{ problems }}"), ("整改措施", "{{ measures }}")),
    "work_order": (("用电地址", "{{ address }}"), ("受理内容", "{{ text }}")),
    "supervision": (
        ("督办时间", "{{ supervised_at }}　督办人 {{ supervised_by }}"),
        ("受理内容", "{{ text }}"),
        ("督办意见", "{{ opinion }}"),
    ),
    "investigation": (
        ("诉求内容", "{{ text }}"),
        ("核实结论", "{{ finding }}　{{ found_at }}　调查人 {{ found_by }}"),
        ("起因", "{{ cause }}"),
        ("处理措施", "{{ measures }}"),
        ("答复客户", "{{ reply }}"),
        ("证据", "{{ evidence }}"),
        ("处理意见", "{{ review_opinion }}　{{ reviewed_at }}　审核人 {{ reviewed_by }}"),
        ("客户评价", "{{ satisfaction }}"),
    ),
}
PARTS = {"text": "诉求内容", "situation": "一、基本情况", "investigation": "二、调查情况"}
PARTS |= {"problems": "三、暴露问题", "rectification": "四、整改措施", "suggestions": "五、建议"}
PARTS |= {"finding": "核实结论", "lacking": "尚缺的材料", "found_by }}　{{ found_at": "调查人"}
PROVED = {"statement": "答复内容", "statement_sha256": "SHA-256", "answer_event": "审计链事件"}
RETURNED = {"text": "转办内容", "finding": "核实结论", "archived_at": "办结时间", "reply": "答复客户"}
ASKED = {"appeal_ground": "申诉理由", "what_happened": "事情经过", "aim": "申诉目的", "evidence": "证据清单"}
HELP = {"request": "请求协办的事", "reply": "协办答复", "support_rating": "请求方评价"}
EACH = {"appeal": ASKED, "penetration": PARTS, "support": HELP, "proof": PROVED, "regulator_return": RETURNED}
VETOED = {"vetoed": "单位或个人", "veto_reason": "情形", "evidence": "证据"}
DECIDED = {
    "established": "查明的事实",
    "evidence": "证据",
    "penalty": "处理决定",
    "penalty_points": "台账分数",
}
NAMED = {"named_for": "点名事由", "compared": "横向分析", "cause": "查明的原因"}
NAMED |= {"measures": "整改措施", "due_on": "完成日期"}
EACH |= {"named_warning": NAMED, "liability": {}, "veto": VETOED, "accountability": DECIDED}
for _kind, _parts in EACH.items():
    OWN_ROWS[_kind] = tuple((title, "{{ " + name + " }}") for name, title in _parts.items())
CARD_LINES = (
    ("尊敬的客户：", 12),
    ("您反映的问题（工单 {{ number }}）已由 {{ unit }} 办理。请告诉我们您是否满意。", 12),
    ("　□ 满意　　□ 不满意　　□ 不评价", 14),
    ("在这里打勾，把卡交还工作人员或营业厅；也可以自己打开 {{ card_address }}（或扫二维码），输入编码：", 12),
    ("{{ card_code }}　{{ card_qr }}", 20),
    ("每张卡只能评价一次。评价时不需要您的姓名、电话或户号。", 10.5),
    ("Are you satisfied? Tick a box and give it back, or open {{ card_address }} and type the code.", 10.5),
    ("Satisfied 满意　Dissatisfied 不满意　Not rated 不评价", 10.5),
)
LISTS = {
    "clocks": ("时限", (("时限", "title", 8), ("到期", "due", 5), ("情况", "state", 3.6))),
    "history": (
        "办理经过",
        (("时间", "at", 4.2), ("经办人", "by", 2.4), ("环节", "verb", 2.8), ("内容", "text", 7.2)),
    ),
    "opinions": ("历次督办意见", (("时间", "at", 4.2), ("督办人", "by", 2.4), ("意见", "text", 10))),
}
LISTS["conditions"] = ("申诉条件", (("条件", "title", 11), ("核对结果", "result", 5.6)))
LISTS["seals"] = ("已登记的盖章", (("级别", "level", 6), ("盖章日期", "sealed_on", 4.6), ("登记人", "by", 6)))
LISTS["shares"] = (
    "责任比例",
    (
        *(("序号", "line", 1.2), ("责任单位", "unit", 3), ("流程节点", "node", 3), ("责任人", "person", 1.8)),
        *(("比例", "percent", 1.6), ("证据", "evidence", 4), ("来源", "source", 2)),
    ),
)
LISTS["objections"] = (
    "异议和答复",
    (
        *(("序号", "line", 1.2), ("单位", "unit", 2.6), ("理由", "reason", 2.4), ("说明", "text", 3.4)),
        *(("提出人", "by", 1.8), ("时间", "at", 1.8), ("答复", "answer", 3.4)),
    ),
)
ACTED = (("环节", "act", 3), ("经办人", "by", 2.6), ("时间", "at", 3.6), ("说明", "text", 7.4))
LISTS["signatures"] = ("提出、审核和签认", ACTED)
SIGNER = (("节点", "node", 2.4), ("会签人", "place", 2), ("意见", "act", 1.6), ("签署人", "by", 2.4))
SIGNED = (("时间", "at", 2.6), ("说明", "text", 2.8), ("签字盖章", "seal", 2.8))
LISTS["sheet"] = ("会签单", (*SIGNER, *SIGNED))
ITEM = (("诉求", "text", 5.4), ("认定", "finding", 2), ("违反的条款", "clause", 4), ("证据", "evidence", 4))
LISTS["items"] = ("逐项认定", (("序号", "item", 1.2), *ITEM))
LISTS["given"] = ("反馈经过", (("时间", "at", 3.6), ("方式", "way", 4), ("审计链事件", "event", 9)))
SAID = (("项目", "label", 5), ("内容", "value", 11.6))
LISTS |= {name: (LABELS["verb"][verb]["zh"], SAID) for name, verb in SHEETS.items()}
LAID = {
    "appeal": ("conditions", "seals", "history"),
    "liability": ("shares", "objections", "signatures"),
    **dict.fromkeys(("veto", "accountability"), ("signatures",)),
    "proof": ("given",),
    "regulator_return": ("clocks",),
    "penetration": ("items", *SHEETS),
    "rectification": ("sheet", "history"),
    **dict.fromkeys(("support", "work_order"), ("clocks", "history")),
    "supervision": ("opinions", "clocks"),
    "investigation": ("history",),
    "named_warning": ("clocks", "history"),
}
