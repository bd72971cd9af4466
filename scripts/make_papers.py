"""Make the paper templates that come along: src/suyuan/rulebook/papers/*.docx.

scripts/make_papers.py            write them
scripts/make_papers.py --check    fail if they are not what this makes
"""

import io
import sys
import tomllib
import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from suyuan.domain.papers import PAPERS, SHEETS
from suyuan.gateways.papers.filling import without_moment

FOLDER = Path(__file__).parents[1] / "src/suyuan/rulebook/papers"
BODY, HEADS, LATIN = "仿宋", "黑体", "Times New Roman"
ALSO = {"仿宋": "FangSong", "黑体": "SimHei", "宋体": "SimSun"}
LABELS = tomllib.loads((FOLDER.parent / "labels.toml").read_text("utf-8"))
SEALS = {code: said["zh"] for code, said in LABELS["seal_place"].items()}
SIGNS = (("负责人签字：", "LEFT"), ("（盖章处）", "CENTER"), ("　　年　　月　　日", "RIGHT"))
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
HEAD_ROWS = {"appeal": APPEAL_ROWS, "rectification": ORDER_ROWS, "support": SUPPORT_ROWS, "proof": PROOF_ROWS}
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
    "proof": ("given",),
    "regulator_return": ("clocks",),
    "penetration": ("items", *SHEETS),
    "rectification": ("sheet", "history"),
    **dict.fromkeys(("support", "work_order"), ("clocks", "history")),
    "supervision": ("opinions", "clocks"),
    "investigation": ("history",),
}
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 a template has no moment: always the same


def font(run, name: str, size: float, bold: bool = False) -> None:
    """Set a run's fonts: the Chinese one by its name, the Latin one beside it."""
    run.font.name, run.font.size, run.bold = LATIN, Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)


def write(cell, text: str, *, name: str = BODY, size: float = 11, bold: bool = False) -> None:
    """Put text into a cell."""
    font(cell.paragraphs[0].add_run(text), name, size, bold)


def grid(document, columns: list[float]):
    """Return an empty table with these widths in centimetres."""
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, columns, strict=True):
        column.width = Cm(width)
    return table


def row(table, texts: list[str], *, head: bool = False, name: str = BODY) -> list:
    """Add a row; every second cell of facts, and every head, is set in the heads' font."""
    cells = list(table.add_row().cells)
    for cell, column, text in zip(cells, table.columns, texts, strict=True):
        cell.width = column.width
        write(cell, text, name=HEADS if head else name, size=10.5)
    return cells


def facts(document, kind: str) -> None:
    """Write what the case is and what this paper says of it."""
    table = grid(document, [3.1, 5.2, 2.6, 5.7])
    for left, right in HEAD_ROWS.get(kind, CASE_ROWS):
        row(table, [*left, *right])
    for label, value in OWN_ROWS[kind]:
        cells = list(table.add_row().cells)
        write(cells[0], label, name=HEADS, size=10.5)
        write(cells[1].merge(cells[3]), value, size=11)
    for line in table.rows:
        for place in (0, 2):
            for run in line.cells[place].paragraphs[0].runs:
                if "{{" not in run.text:
                    font(run, HEADS, 10.5)


def listed(document, name: str) -> None:
    """Write a list: its heads, and a row that is repeated; the heads stand again on every page."""
    title, columns = LISTS[name]
    if name in SHEETS:  # one that nobody wrote leaves no trace
        document.add_paragraph("{%p if " + name + " %}")
    heading = document.add_paragraph()
    heading.paragraph_format.space_before = Pt(8)
    heading.paragraph_format.keep_with_next = True
    font(heading.add_run(title), HEADS, 12)
    table = grid(document, [width for _, _, width in columns])
    row(table, [head for head, _, _ in columns], head=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    blank = [""] * (len(columns) - 1)
    row(table, ["{%tr for one in " + name + " %}", *blank])
    row(table, ["{{ one." + field + " }}" for _, field, _ in columns])
    row(table, ["{%tr endfor %}", *blank])
    if name in SHEETS:
        document.add_paragraph("{%p endif %}")


def seals(document, kind: str) -> None:
    """Write the boxes for signature and seal, in the order in which they are given; never cut by a page."""
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    names = PAPERS[kind].seals
    table = grid(document, [16.6 / len(names)] * len(names))
    table.add_row().height = Cm(5.6)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for order, (cell, name) in enumerate(zip(table.rows[0].cells, names, strict=True), start=1):
        write(cell, f"{order}. {SEALS[name]}意见：", name=HEADS, size=10.5)
        for text, align in (*[("", "LEFT")] * 3, *SIGNS):
            paragraph = cell.add_paragraph()
            paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
            font(paragraph.add_run(text), BODY, 10.5)


def page_number(paragraph) -> None:
    """Put the number of the page into a paragraph."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        font(run, BODY, 9)
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._element.append(mark)


def card(document) -> None:
    """Write what a customer reads and marks."""
    for text, size in CARD_LINES:
        paragraph = document.add_paragraph()
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, "CENTER" if size == 20 else "LEFT")
        font(paragraph.add_run(text), HEADS if size == 20 else BODY, size)


def for_work(document, kind: str) -> None:
    """Write what stays in the office: what the case is, its lists, the seals, and who printed it."""
    foot = document.sections[0].footer.paragraphs[0]
    font(foot.add_run("{{ printed_by }} 于 {{ printed_at }} 打印，仅限工作使用　第 "), BODY, 9)
    page_number(foot)
    font(foot.add_run(" 页"), BODY, 9)
    facts(document, kind)
    for name in LAID[kind]:
        listed(document, name)
    seals(document, kind)


def made(kind: str) -> bytes:
    """Return the template of a kind of paper."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    head = section.header.paragraphs[0]
    font(head.add_run("{{ number }}　核验码 {{ code }}"), BODY, 9)
    said, title = LABELS["paper"][kind]["zh"], document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    font(title.add_run(said), HEADS, 20)
    if kind == "card":
        card(document)
    else:
        for_work(document, kind)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = said, "Suyuan", "Suyuan", ""
    core.created = core.modified = MADE
    bytes_ = io.BytesIO()
    document.save(bytes_)
    return without_moment(fonts_named(bytes_.getvalue()))


def fonts_named(content: bytes) -> bytes:
    """Return the document with the other names of its fonts."""
    known = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in ALSO.items()
    )
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(again, "w") as fresh:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/fontTable.xml":
                body = body.replace(b"</w:fonts>", known.encode() + b"</w:fonts>")
            fresh.writestr(name, body)
    return again.getvalue()


def main() -> int:
    """Write the templates, or say which are not what this makes."""
    papers = {FOLDER / f"{kind}.docx": made(kind) for kind in PAPERS}
    if "--check" not in sys.argv[1:]:
        for path, content in papers.items():
            path.write_bytes(content)
    stale = [path.name for path in papers if not path.exists() or path.read_bytes() != papers[path]]
    if stale:
        print(f"{', '.join(stale)}: not what scripts/make_papers.py makes", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
