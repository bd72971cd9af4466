"""What stands under a box of a form of the rulebook: how to write it, with an example."""

from django.utils.translation import gettext

from suyuan.domain.rulebook import entries


def hint(kind: str, field: str) -> str:
    """Return how a field of the form of a kind is written, empty where its label says enough."""
    every = _hints()
    return every.get(f"{kind}.{field}", every.get(field, ""))


def _hints() -> dict[str, str]:
    return {
        "id": gettext("小写字母和点，例如 complaint.answer；写已有的编号即为它的新版。"),
        "code": gettext("小写字母；分类用点分级，例如 service.kiosk，上级须已存在。"),
        "synonyms": gettext("导入文件里可能出现的其他写法，用顿号隔开。"),
        "procedures": gettext("不选：只作参考，不起钟。"),
        **dict.fromkeys(("duty.procedures", "sheet.procedures"), ""),
        "when": gettext("每行一项，例如 site: rural、urban。"),
        "route.when": gettext(
            "每行一项，例如 category: business.meter；可写 business_type、category、channel、area。"
        ),
        "binding": gettext("考核时限：超期即计入考核；同一工单最多一个。"),
        "warn": gettext("时限的份额，由小到大，例如 0.5、0.8；不填按时限预警阶梯。"),
        "after": gettext("超期后的小时数，由小到大，例如 24、72。"),
        "family": gettext("可相互替代的时限写同一组名；不填即编号本身。"),
        "list": gettext("清单的代码，例如 channel、reason.pause。"),
        "choice.limit": gettext("选这一项时带来的时限组，例如 regulator.12398。"),
        "message.title_zh": gettext("邮件的主题；短信不带主题。"),
        "message.message_zh": gettext(
            "花括号里是变量，例如 {case}；每个模板可用的变量点“预览”后列出。不写客户的个人信息。"
        ),
        "terms": gettext("每行一项，例如 times = 2。"),
        "field_name": gettext("以 x_ 开头，小写字母、数字或 _，例如 x_elderly；定了不改。"),
        "choices": gettext("每行一个；只有“选择”类型要填。"),
        "personal": gettext("选“是”的内容加密保存，只有能看此单的人凭用途查看。"),
        "fields": gettext("只在这些字段提供，例如 contact_note；不填：每个长文本都提供。"),
        "steps": gettext("流程和环节，例如 complaint.accept；会显示在工单的这一步旁边。"),
        "verbs": gettext("环节代码，例如 accept，用顿号隔开；流程里都要有这个环节。"),
        "accountable": gettext("只能有一个岗位；它也可以同时是负责执行的岗位。"),
        "limits": gettext("时限编号，例如 complaint.answer；会显示在这个时限的页面上。"),
        "posts": gettext("这些岗位的人须阅读并确认。"),
        "review_on": gettext("到这一天，文件的页面提醒复审。"),
        "basis": gettext("文件名称、文号和条款。"),
        **_of_clauses(),
        **_of_playbooks(),
        **_from(),
    }


def _of_playbooks() -> dict[str, str]:
    return {
        "play_category": gettext("分类代码，例如 business.billing.reading；没有自己的预防措施时用上级的。"),
        "play_steps": gettext(
            "每行一步，六段用 | 隔开：做什么 | 英文 | 角色（station）"
            " | 时限（3 working_days；事前 7 days before；持续 60 days lasting） | 怎么查 | 英文。"
        ),
        "play_emergency": gettext("应急措施的代码，例如 mass_outage。"),
        "emergency.code": gettext("小写字母、数字或 _，例如 mass_outage。"),
    }


def _of_clauses() -> dict[str, str]:
    return {
        "clause.code": gettext("小写字母、数字和点，例如 hall.hours；写已有的代码即为它的新版。"),
        "clause.title_zh": gettext("用自己的话写这一条说什么，一行写完。"),
        "clause_document": gettext("文件先登记为制度文件；这里填它的编号。"),
        "clause_number": gettext("按引用的写法，例如 第9条；查不到原文的不填。"),
        "clause.procedures": gettext("判断这些流程的诉求项时，优先列出这一条。"),
        "categories": gettext("分类代码，例如 business.billing，用顿号隔开，含其下级；不填：所有分类。"),
    }


def _from() -> dict[str, str]:
    """Return what the day means from which something applies."""
    return {
        **dict.fromkeys(
            (f"{kind}.in_force_from" for kind in entries.UNDATED),
            gettext("批准后立即适用；写以后的日期，则要到那一天才能批准。"),
        ),
        **dict.fromkeys(
            ("confirm.in_force_from", "revoke.in_force_from"),
            gettext("指的是哪一版：写那一版开始适用的日期；没有这个日期的记录不填。"),
        ),
        "in_force_from": gettext("从这一天起适用；以前的工单仍按以前的版本。"),
    }
