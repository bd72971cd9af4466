"""Words of tracing: how one step leads to the next, and what is to be done where something went wrong."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from suyuan.analytics.trace.causality import Mode, Relation

LEADS = {
    Relation.BLOCKS: _("挡住了"),
    Relation.NEEDS: _("缺它的数据"),
    Relation.PRECEDES: _("先于投诉发生"),
    Relation.FEEDS: _("使供电受影响"),
}

MODES: Mapping[Mode, object] = {
    Mode.MISSING: _("没有办"),
    Mode.SKIPPED: _("漏办"),
    Mode.LATE: _("办得过晚"),
    Mode.REPEATED: _("反复办"),
    Mode.BOUNCED: _("来回退转"),
    Mode.TURNED: _("没有按次序办"),
    Mode.REFUSED: _("被拒绝"),
    Mode.WRONG: _("数值异常"),
    Mode.EXPOSED: _("反复停电"),
    Mode.CONTACT: _("与客户接触"),
}

TO_DO: Mapping[Mode, object] = {
    Mode.MISSING: _("办结“%(activity)s”，再答复客户"),
    Mode.SKIPPED: _("补办“%(activity)s”，再答复客户"),
    Mode.TURNED: _("查明“%(activity)s”为什么没有按次序办，定出措施"),
    Mode.LATE: _("查明“%(activity)s”为什么办得过晚，定出措施"),
    Mode.REPEATED: _("查明“%(activity)s”为什么反复办，一次办结"),
    Mode.BOUNCED: _("明确“%(activity)s”由谁办，不再来回退转"),
    Mode.REFUSED: _("消除“%(activity)s”的原因，重新发起"),
    Mode.WRONG: _("查明“%(activity)s”的原因并消除"),
    Mode.EXPOSED: _("查明反复“%(activity)s”的原因并消除"),
    Mode.CONTACT: _("核查“%(activity)s”时的服务，定出措施"),
}
