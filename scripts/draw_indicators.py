"""Draw docs/indicators.md from the measures.

scripts/draw_indicators.py            write it
scripts/draw_indicators.py --check    fail if it is not what the code says
"""

import sys
from pathlib import Path

from suyuan.analytics import display
from suyuan.analytics.measures import BOARD, MEASURES
from suyuan.analytics.measures.measure import Measure
from suyuan.analytics.measures.steps import ARRIVALS

PAGE = Path(__file__).parents[1] / "docs/indicators.md"
INTERVALS = {
    "wilson": "Wilson, 95 %",
    "poisson": "exact Poisson (Garwood), 95 %",
    None: "none: a weighted index",
}
CODES = {
    "child_order": ("子单", "a child order: its main order is the demand"),
    "malicious": ("恶意诉求", "found malicious by two reviewers"),
    "no_account": ("无户号", "no account: whether the fault came again cannot be told"),
    "no_clock": ("无约束时限", "no binding clock, and no known reason why"),
    "no_contact_record": ("无接触记录", "no record of the contact that led to the order"),
    "no_customers": ("户数未知", "a unit with complaints has no known number of customers"),
    "no_finding": ("无结论", "no finding yet"),
    "imported": ("导入工单, 无整改记录", "imported: no record of rectification"),
    "appealed": ("申诉成功，不计考核", "a successful appeal took it out of the assessment"),
    "card_alone": ("只有满意卡，或未收回", "a card alone, or one that was not handed in"),
    "no_key": ("无户号也无电话", "neither account nor telephone: its calls cannot be linked"),
    "no_record": ("无环节记录", "the case closed without a record of this step"),
    "no_rule_in_force": ("当时无规则", "no limit was in force when the order was accepted"),
    "no_target": ("无目标时间", "the file gives no target and the type has no limit"),
    "not_asked": ("未回访", "the customer was not asked"),
    "moved": ("已改期", "given another day before its day was over"),
    "not_judged": ("原因未判定", "nobody has judged why it came to it"),
    "not_due_yet": ("未到期", "not answered, and the limit still runs"),
    "not_rated": ("不评价", "the customer was asked and gave no rating"),
    "not_registered": ("未登记", "the contact is not registered yet"),
    "provisional": ("暂定时限", "due beyond the published calendar: provisional"),
    "restricted": ("限制查阅", "restricted: not called back through others"),
    "site_unknown": ("现场分类未知", "urban, rural or remote is unknown"),
    "type_unknown": ("类型未知", "the business type is unknown"),
    "unconfirmed_rule": ("时限未确认", "the limit is not confirmed by a named person"),
}
TOP = f"""# 指标 Indicators

Drawn by `scripts/draw_indicators.py` from `src/suyuan/analytics/measures/`; `make check` fails if it differs.

Every figure is n/N with what was left out counted by code. A row belongs to the period of its
**accepted time in the utility's own zone** (受理时间, local date); units include their sub-units.
`previous` is the period before, `last_year` the same month, ISO week or year one year earlier.
`value` is null when N is 0.

**修约 Rounding.** {display.RULE["zh"]}
{display.RULE["en"]}

**可信度 Certainty** of a formula: Q official source, Q2 secondary source, S source paper, I our own proposal,
memory unverified. A figure that rests on an unconfirmed limit or threshold never enters a ranking: rows
under such a limit are counted as `unconfirmed_rule`.
"""


def measure_section(measure: Measure) -> list[str]:
    """Return what people need to know of one measure."""
    facts = [
        f"table `{measure.table}`",
        f"period by `{measure.period_column}`",
        f"interval: {INTERVALS[measure.interval]}",
        f"certainty {measure.certainty}",
        f"basis: {measure.basis}",
    ]
    if measure.scale != 1:
        facts.insert(1, f"scale {measure.scale:g}")
    lines = [f"### `{measure.id}` {measure.title.zh} {measure.title.en}", ""]
    lines += [measure.definition.zh, "", measure.definition.en, "", f"- {'; '.join(facts)}"]
    if measure.family:
        lines.append(f"- one member for each value of `{measure.family}`: `{measure.id}.VALUE`")
    if measure.exclusions:
        lines.append(f"- left out: {codes(measure.exclusions)}")
    if measure.inputs:
        lines.append(f"- must be given, else null: {codes(measure.inputs)}")
    if measure.optional:
        lines.append(f"- deducted when given: {codes(measure.optional)}")
    if measure.terms:
        lines.append(f"- cases behind it: {codes(measure.parts)}")
    return [*lines, ""]


def codes(names: tuple[str, ...]) -> str:
    """Return codes in a row."""
    return ", ".join(f"`{name}`" for name in names)


def page() -> str:
    """Return the whole page."""
    used = sorted({code for measure in MEASURES for code in measure.exclusions} | {"no_customers"})
    lines = [TOP, "## 剔除代码 Exclusion codes", "", "| code | 中文 | English |", "|---|---|---|"]
    lines += [f"| `{code}` | {CODES[code][0]} | {CODES[code][1]} |" for code in used]
    lines += ["", "## 控制看板 Control board", ""]
    for measure in BOARD:
        lines += measure_section(measure)
    lines += [f"Arrival counts the limits {codes(ARRIVALS)}.", ""]
    lines += ["## 一致性比较 Compared between units only", ""]
    for measure in MEASURES:
        if measure.practice:
            lines += measure_section(measure)
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page, or say whether it is what the code says."""
    drawn = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(drawn, encoding="utf-8", newline="\n")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == drawn:
        return 0
    sys.stderr.write("docs/indicators.md is not what the code says: run scripts/draw_indicators.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
