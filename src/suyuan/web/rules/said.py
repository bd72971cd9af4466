"""What the rulebook's checks say of an entry that does not fit, in the reader's language."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext

from suyuan.domain.errors import BadInput

from .. import errors
from ..templatetags.ui import lang


def told(wrong: BadInput) -> str:
    """Return what does not fit, where, in one line."""
    fields = "；".join(errors.field_problems(wrong).values())
    key = str(wrong.facts.get("key", ""))
    where = "" if wrong.facts.get("table") == "lines" and not re.search(r"\d", key) else key
    what = fields or f"{where} {said(str(wrong.facts.get('problem', '')))}".strip()
    return f"{errors.words_for(wrong.code)}：{what}".rstrip("：")


def said(problem: str) -> str:
    """Return a problem as the rulebook names it, in Chinese where the page is; English is its own tongue."""
    return problem if lang() == "en" else chinese(problem)


def chinese(problem: str) -> str:
    """Return a problem in Chinese; one that nobody has words for comes back as it is."""
    for pattern, words in {
        **_of_clauses(),
        **_of_entries(),
        **_of_duties(),
        **_of_idle(),
        **_of_terms(),
        **_of_notices(),
    }.items():
        if found := re.search(pattern, problem):
            groups = [*found.groups(), "", ""]
            return words % {"what": groups[0], "other": groups[1]}
    return problem


def _of_entries() -> Mapping[str, str]:
    return {
        r"is missing$": gettext("必填"),
        r"is empty$": gettext("不能为空"),
        r"is no date: (.*)": gettext("日期应写成 2026-01-01"),
        r"is no date of every year": gettext("不是每年都有的日期"),
        r"has the wrong type": gettext("写法不对"),
        r"is not a list of text": gettext("应是一串文字，不能有空项"),
        r"is not a table$": gettext("应是一张表"),
        r"is not known here": gettext("这里没有这一项"),
        r"is no table of a rulebook": gettext("规则库没有这种表"),
        r"must be written (.*)": gettext("应写成 %(what)s"),
        r"is no moment of a case: (.*)": gettext("不是工单的时间节点：%(what)s"),
        r"never comes after (.*)": gettext("不会在 %(what)s 之后到来"),
        r"names the unknown \w+ (.*)": gettext("没有这个代码：%(what)s"),
        r"is unknown: (.*)": gettext("没有这个代码：%(what)s"),
        r"already stands for (.*)": gettext("这个名字已经用在 %(what)s 上"),
        r"(.*) already binds the same cases": gettext("%(what)s 已是同类工单的考核时限"),
        r"comes before": gettext("止日早于起日"),
        r"is no limit family: (.*)": gettext("没有这组时限：%(what)s"),
        r"has no parent (.*)": gettext("上级分类不存在：%(what)s"),
        r"must be from 1 to (\d+)": gettext("从 1 到 %(what)s"),
        r"must be 1 or more": gettext("至少为 1；按自然日计数时须以天为单位"),
        r"must be (\d+) at most": gettext("最多 %(what)s"),
        r"must be rising": gettext("须由小到大；到期前为 0 到 1 之间的小数，超期后为整数小时"),
        r"must be x_": gettext("以 x_ 开头，其后为小写字母、数字或 _，总长不超过 32"),
        r"must be given exactly for a choice": gettext("“选择”类型须列出选项，其他类型不列"),
        r"must be text: nothing": gettext("只有文本类字段可以标为个人信息"),
        r"must be there where no file is": gettext("正文和附件至少要有一样"),
        r"must name a person exactly": gettext("把握为“已确认”时须有确认人，其他时候没有"),
        r"must be named by exactly one": gettext("须且只能指明一个条目"),
        r"is no edition of": gettext("没有这个版本"),
        r"must be a list of text, under one of (.*)": gettext("条件只能写：%(what)s"),
        r"has a brace without": gettext("花括号不成对；要写花括号本身就写两个"),
        r"names the personal variable (.*): no message": gettext("变量 %(what)s 是个人信息，消息里不能有"),
        r"names the variable (.*), which is none of (.*)": gettext("没有变量 %(what)s；可用：%(other)s"),
        r"must be one line without braces": gettext("写成一行，不用花括号"),
        r"repeats a record": gettext("同一生效日的条目写了两次"),
        r"is .*, not one of (.*)": gettext("只能是：%(what)s"),
    }


def _of_clauses() -> Mapping[str, str]:
    return {
        r"must be small letters, digits": gettext("只用小写字母、数字、_ 和点"),
        r"must be (\d+) characters at most": gettext("最多 %(what)s 个字"),
        r"already stands for a document or a limit": gettext("这个代码已是一份文件或一个时限"),
    }


def _of_duties() -> Mapping[str, str]:
    return {
        r"names (.*), which stands there already": gettext("%(what)s 已写在别的栏里"),
        r"names (.*), whose roles may not do (.*)": gettext("%(what)s 的角色不能办 %(other)s"),
        r"leaves out (.*), a role that may do (.*)": gettext("少了能办 %(other)s 的角色：%(what)s"),
        r"names (.*), of which (.*) says the step": gettext("%(what)s 的这一步已由 %(other)s 写明"),
    }


def _of_idle() -> Mapping[str, str]:
    return {
        r"says what (.*) says already, in force since (.*)": gettext(
            "%(what)s 自 %(other)s 起生效的版本内容相同，没有要改的"
        ),
        r"says what (.*) says already, in force without": gettext("%(what)s 现行的版本内容相同，没有要改的"),
        r"(.*) is a list that nobody reads; there are (.*)": gettext(
            "没有哪里读取清单 %(what)s；现有清单：%(other)s"
        ),
    }


def _of_terms() -> Mapping[str, str]:
    return {
        r"must be (\S+) at least": gettext("最少 %(what)s"),
        r"must be above 0": gettext("须大于 0"),
        r"must not be negative": gettext("不能为负数"),
        r"must be a whole number": gettext("须是整数"),
        r"must be a number": gettext("须是数字"),
        r"must be text$": gettext("须是文字"),
        r"must be true or false": gettext("只能是 true 或 false"),
        r"must be a list$": gettext("须是一串值，写在 [ ] 里"),
        r"is the product's own": gettext("随产品发布，不能改"),
    }


def _of_notices() -> Mapping[str, str]:
    return {
        r"must follow on (.*);": gettext("须接在 %(what)s 之后；请按年份先后公布"),
        r"must be date,kind": gettext("表头应为 date,kind，可再加 name"),
        r"must hold \[calendar\]": gettext("文件里应只有 [calendar]"),
        r"is not TOML: (.*)": gettext("TOML 写法不对：%(what)s"),
        r"is no csv: (.*)": gettext("CSV 写法不对：%(what)s"),
        r"is not UTF-8": gettext("不是 UTF-8 编码"),
        r"cannot be read": gettext("读不了这个文件"),
        r"has no holiday": gettext("没有写放假日期"),
        r"names no year": gettext("没有写明年份，例如“2027年”"),
        r"names a day twice": gettext("同一天写了两次"),
        r"(.*) lies outside": gettext("%(what)s 不在这一年里"),
        r"(.*) is no Saturday or Sunday": gettext("%(what)s 不是周六、周日，不会是调休上班"),
        r"leaves out the statutory (.*)": gettext("漏了法定节假日 %(what)s"),
        r"is no (\w\w)$": gettext("这一天不是%(what)s"),
        r"says (\d+) days and names (\d+)": gettext("写明共 %(what)s 天，列出的是 %(other)s 天"),
    }
