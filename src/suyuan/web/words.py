"""Words for codes that only pages of figures and rules show."""

from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from suyuan.domain.rulebook.playbooks import BEFORE, LASTING, WITHIN

TIME_UNITS = {
    "minutes": _("分钟"),
    "hours": _("小时"),
    "days": _("天"),
    "working_days": _("个工作日"),
}

LENGTHS = {
    "minutes": ngettext_lazy("%(n)d 分钟", "%(n)d 分钟", "n"),
    "hours": ngettext_lazy("%(n)d 小时", "%(n)d 小时", "n"),
    "days": ngettext_lazy("%(n)d 天", "%(n)d 天", "n"),
    "working_days": ngettext_lazy("%(n)d 个工作日", "%(n)d 个工作日", "n"),
    "years": ngettext_lazy("%(n)d 年", "%(n)d 年", "n"),
}

EXCLUSIONS = {
    "no_clock": _("没有时限钟"),
    "no_record": _("没有记录"),
    "not_rated": _("未评价"),
    "not_asked": _("未回访"),
    "not_registered": _("尚未登记"),
    "no_answer_time": _("已结但没有答复时间"),
    "no_calls": _("缺人工话务量"),
    "no_customers": _("缺营业户数"),
    "no_connection_coordinated": _("缺业扩协同规范率"),
    "no_connection_in_time": _("缺业扩时限达标率"),
    "no_connection_satisfied": _("缺业扩客户满意率"),
}

GIVEN = {
    "late_reports": _("迟报件数"),
    "poor_reports": _("差错报告件数"),
    "supervised_items": _("总部督办件数"),
    "mishandled_theft_reports": _("窃电举报处理不当件数"),
    "untrue_orders": _("不实工单件数"),
    "adverse_opinion_events": _("供电侧负面舆情件数"),
    "misconduct_findings": _("查实违规件数"),
}
"""Deductions somebody has to give; without them nothing is taken off."""

FIELDS = {
    "category_1": _("一级分类"),
    "category_2": _("二级分类"),
    "category_3": _("三级分类"),
    "unit": _("供电单位"),
    "notes": _("备注代码"),
}

FACTS = {
    "option": _("查询项"),
    "first_order": _("第一张工单"),
    "row": _("行"),
    "line": _("行"),
    "column": _("列"),
    "cell": _("单元格"),
    "part": _("部件"),
    "columns": _("列"),
    "field": _("列"),
    "value": _("值"),
    "missing": _("缺少"),
    "header": _("表头"),
    "headers": _("读到的表头"),
    "lacking": _("缺少的列"),
    "sheet": _("工作表"),
    "sheets": _("工作表"),
    "tables": _("文件"),
    "members": _("文件"),
    "kind": _("实为"),
    "layout": _("模板"),
    "unit": _("单位"),
    "units": _("单位"),
    "parents": _("上级"),
    "known": _("可用格式"),
    "limit": _("最多字节数"),
    "run": _("导入"),
    "state": _("状态"),
    "verb": _("操作"),
    "roles": _("需要的角色"),
    "page": _("页面"),
    "made_by": _("谁发的"),
    "at": _("时间"),
    "last": _("不早于"),
    "least": _("最少"),
    "above": _("大于"),
    "most": _("最多"),
    "near": _("相近的"),
    "complaints": _("投诉件数"),
    "numbers": _("其中"),
    "signs": _("增加的疑点"),
}
"""The facts of an error that help to find what is wrong; the others are for programs."""

FILE_KINDS = {
    "html_or_xml": _("网页"),
    "pdf": _("PDF 文件"),
    "binary": _("二进制文件"),
    "archive_in_archive": _("压缩包里的压缩包"),
    "workbook_in_gzip": _("gzip 里的工作簿"),
}

NOTES = {
    "footer_row": _("合计、制表等尾行，不算工单"),
    "repeated_header": _("翻页重复的表头，不算工单"),
}

LAYOUT = {
    "layout_name": _("名字只用汉字、字母、数字、_ 和 -，不超过 40 个字"),
    "name_taken": _("这是自带模板的名字，请换一个"),
    "not_kept": _("列的对应改过，还没有导入：起个名字存下模板，看过预览再导入"),
}
"""Why a layout cannot be kept under a name."""


def time_unit(code: str) -> str:
    """Return the unit of a time limit."""
    return str(TIME_UNITS.get(code, code))


def duration(amount: int, unit: str) -> str:
    """Return a length of time in words: 1 hour, 4 working days."""
    return str(LENGTHS[unit] % {"n": amount})


def budget(amount: int, unit: str, kind: str = WITHIN) -> str:
    """Return the limit of a step of a playbook in words: within it, so long before, or for so long."""
    told = {"length": duration(amount, unit)}
    if kind == BEFORE:
        return gettext("提前 %(length)s") % told
    return gettext("持续 %(length)s") % told if kind == LASTING else told["length"]
