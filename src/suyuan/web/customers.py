"""The page on which a customer file is handed in."""

from django.utils.translation import gettext_lazy

from suyuan.actions.customer import import_customers, register_file
from suyuan.gateways import customerfile

from . import list_files

CUSTOMERS = list_files.ListFile(
    page="customers",
    stem="customers",
    template="customers_template",
    name="customers",
    kinds=customerfile.KINDS,
    read=customerfile.read,
    write=customerfile.write_template,
    most=list_files.most,
    take=import_customers,
    told=register_file.told,
    brings=("new", "changed"),
    title=gettext_lazy("导入客户档案"),
    asked=gettext_lazy("客户文件（xlsx 或 csv）"),
    says=(
        gettext_lazy(
            "要有户号和供电单位两列，其余有什么传什么："
            "户名、用电类别、合同容量、用电地址、台区、线路、表号、联系电话。"
            "营销系统导出的 C_CONS 列名也认。"
        ),
        gettext_lazy(
            "上传后先看会改什么，点了导入才写入，原文件随即删除。有错的行放到隔离文件，带着行号、列和原因；同一个文件传两次，第二次什么也不变。"
        ),
    ),
    sealed=gettext_lazy(
        "户名、户号、电话、地址、表号加密保存。这里没有客户名单可看：客户档案只在工单里出现，遮住中间。"
    ),
    counted=gettext_lazy(
        "读入 %(read)s 行：新增 %(new)s，修改 %(changed)s，不变 %(duplicate)s，隔离 %(quarantined)s。"
    ),
    ahead=gettext_lazy("还没有写入：下面是导入后会改的。"),
    nothing=gettext_lazy("没有要改的。"),
    done=gettext_lazy("已导入，上传的文件已删除。"),
)

urls = CUSTOMERS.urls("customers/import/")
