"""The page on which a call file is handed in."""

from django.utils.translation import gettext_lazy

from suyuan.actions.call import call_file
from suyuan.gateways import callfile

from . import list_files

CALLS = list_files.ListFile(
    page="call_files",
    stem="call_file",
    template="call_file_template",
    name="calls",
    kinds=callfile.KINDS,
    read=callfile.read,
    write=callfile.write_template,
    most=list_files.most,
    take=call_file.import_calls,
    told=call_file.told,
    brings=("new", "noted"),
    title=gettext_lazy("导入来电记录"),
    asked=gettext_lazy("交换机的来电记录（xlsx 或 csv）"),
    says=(
        gettext_lazy(
            "要有来电时间、主叫号码、结果三列；日期和时间分成两列也认。另有等待秒数、技能组、流水号、供电单位的一并传。没写单位的来电，算在您所在的单位。"
        ),
        gettext_lazy(
            "上传后先看会新增什么，点了导入才写入，原文件随即删除。有错的行放到隔离文件，带着行号、列和原因；同一个文件传两次，第二次什么也不变。"
        ),
    ),
    sealed=gettext_lazy(
        "放弃来电的号码加密保存；接通的来电只留号码的摘要和时间，用来判断谁已经不用回拨，所以文件先传后传都一样。"
    ),
    counted=gettext_lazy(
        "读入 %(read)s 行：放弃来电新增 %(new)s，已在表上 %(duplicate)s，"
        "打不回去的（匿名、内线）%(unlisted)s；接通 %(answered)s，不经人工 %(other)s；"
        "隔离 %(quarantined)s。"
    ),
    ahead=gettext_lazy("还没有写入：下面是导入后会有的。"),
    nothing=gettext_lazy("没有要写入的。"),
    done=gettext_lazy("已导入，上传的文件已删除；%(closed)s 个放弃来电因后来接通、回拨或登记而了结。"),
    then="missed_calls",
    then_said=gettext_lazy("看放弃来电"),
)

urls = CALLS.urls("missed-calls/import/")
