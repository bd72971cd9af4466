"""The step tables, one module each, and how to find one by name and version.

complaint      投诉        report    举报        repair       故障报修
opinion        意见建议表扬  enquiry   咨询查询     application  服务申请
rectification  整改单      support   协办单     improvement  改进事项
liability      责任认定      veto         一票否决
accountability 责任追究
supervision    督办单       appeal    申诉         claim_review 恶意诉求认定
protection     员工保护     filing    报备         final_answer 最终答复
evaluation     技术评估单   warning   预警单
precomplaint   预投诉      disconnection 欠费停电
imported       类型未知的导入工单
"""

from ..errors import BadInput
from ..procedure import Procedure
from . import (
    accountability,
    appeal,
    application,
    claim_review,
    complaint,
    disconnection,
    enquiry,
    evaluation,
    filing,
    final_answer,
    imported,
    improvement,
    liability,
    opinion,
    precomplaint,
    protection,
    rectification,
    repair,
    report,
    supervision,
    support,
    veto,
    warning,
)

CURRENT: dict[str, Procedure] = {
    module.PROCEDURE.name: module.PROCEDURE
    for module in (
        complaint,
        report,
        repair,
        opinion,
        enquiry,
        application,
        rectification,
        support,
        improvement,
        liability,
        veto,
        accountability,
        supervision,
        appeal,
        claim_review,
        protection,
        filing,
        final_answer,
        evaluation,
        warning,
        precomplaint,
        disconnection,
        imported,
    )
}


def current(name: str) -> Procedure:
    """Return the newest version of a procedure; raise BadInput naming the ones there are."""
    if name not in CURRENT:
        raise BadInput("unknown_procedure", name=name, known=sorted(CURRENT))
    return CURRENT[name]
