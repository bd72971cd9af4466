"""Make the paper templates that come along: src/suyuan/rulebook/papers/*.docx.

scripts/make_papers.py            write them
scripts/make_papers.py --check    fail if they are not what this makes
"""

import io
import sys
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

sys.path.insert(0, str(Path(__file__).parent))  # also where a test loads this by its path
from paper_parts import CARD_LINES, CASE_ROWS, FOLDER, HEAD_ROWS, LABELS, LAID, LISTS, OWN_ROWS

BODY, HEADS, LATIN = "仿宋", "黑体", "Times New Roman"
ALSO = {"仿宋": "FangSong", "黑体": "SimHei", "宋体": "SimSun"}
SEALS = {code: said["zh"] for code, said in LABELS["seal_place"].items()}
SIGNS = (("负责人签字：", "LEFT"), ("（盖章处）", "CENTER"), ("　　年　　月　　日", "RIGHT"))
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
