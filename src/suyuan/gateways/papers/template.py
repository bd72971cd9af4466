"""What a template may hold: documented placeholders, nothing from outside, nothing that runs."""

import io
import re
from collections.abc import Iterator, Mapping

from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes

from suyuan.domain.errors import BadInput
from suyuan.gateways import ooxml

from .filling import environment

PLACED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
"""The parts in which placeholders are filled in."""
BRINGS_IN = re.compile(
    r"(aFChunk|oleObject|package|control|subDocument|attachedTemplate|frame|mailMerge\w*)$"
)
ELEMENTS = frozenset({"altChunk", "object", "control", "subDoc", "OLEObject"})
FIELDS = re.compile(r"DDE|INCLUDE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON|HYPERLINK", re.IGNORECASE)
"""Fields that fetch, run or lead away."""
PARTS_OF_A_TAG = (b"{{", b"{%", b"{#")
FILTERS = frozenset({"default", "trim", "upper"})
LOOP = ("index", "first", "last")
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.For,
    nodes.If,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)

Scope = dict[str, tuple[str, ...] | None]
"""Names in reach: None a text, else what the rows of a list, or one row, have."""


def check(content: bytes, name: str, known: Mapping[str, tuple[str, ...]]) -> None:
    """Raise BadInput unless ``content`` is a docx of ``known`` placeholders alone that brings nothing in."""
    parts = ooxml.parts(content, name)
    if "word/document.xml" not in parts:
        raise BadInput("not_a_template", file=name)
    for part, body in parts.items():
        if part.endswith(".rels"):
            _relations(parts, part, name)
        elif part.endswith(".xml"):
            _elements(body, part, name)
            if not PLACED.fullmatch(part) and any(mark in body for mark in PARTS_OF_A_TAG):
                raise BadInput("placeholder_out_of_place", file=name, part=part)
    document = DocxTemplate(io.BytesIO(content))
    for part in sorted(filter(PLACED.fullmatch, parts)):
        _placeholders(document.patch_xml(parts[part].decode()), part, name, known)


def _relations(parts: Mapping[str, bytes], part: str, name: str) -> None:
    for row in ooxml.relations(parts, part):
        if row.get("TargetMode", "").lower() == "external":
            raise BadInput(
                "external_inside", file=name, part=part, kind=row.get("Type", "").rpartition("/")[2]
            )
        if BRINGS_IN.search(row.get("Type", "")):
            raise BadInput("embedded_inside", file=name, part=part, kind=row["Type"].rpartition("/")[2])


def _elements(body: bytes, part: str, name: str) -> None:
    said: list[str] = []
    inside = [False]

    def start(tag: str, given: dict[str, str]) -> None:
        inside[0] = ooxml.local(tag) in ("instrText", "delInstrText")
        if ooxml.local(tag) in ELEMENTS:
            raise BadInput("embedded_inside", file=name, part=part, kind=ooxml.local(tag))
        if ooxml.local(tag) == "fldSimple":
            said.extend(value for key, value in given.items() if ooxml.local(key) == "instr")

    def text(words: str) -> None:
        if inside[0]:
            said.append(words)

    ooxml.walk(body, f"{name}/{part}", start, text)
    if found := FIELDS.search("".join(said)):
        raise BadInput("embedded_inside", file=name, part=part, kind=found[0])


def _placeholders(xml: str, part: str, name: str, known: Mapping[str, tuple[str, ...]]) -> None:
    xml = re.sub(r"<w:p([ >])", r"\n<w:p\1", xml.replace("\n", " "))
    scope: Scope = {key: fields or None for key, fields in known.items()}
    try:
        wrong = next(
            _wrong(environment().parse(xml), scope, frozenset(k for k, v in known.items() if v)), None
        )
    except TemplateSyntaxError as error:
        facts = _where(xml, error.lineno)
        raise BadInput("bad_placeholder", file=name, part=part, problem=str(error.message), **facts) from None
    if wrong is not None:
        code, words, line = wrong
        raise BadInput(code, file=name, part=part, placeholder=words, **_where(xml, line))


def _where(xml: str, line: int) -> dict[str, object]:
    """Return which paragraph of the part a line of the cut-up XML is, and how it begins."""
    said = xml.split("\n")[line - 1] if line <= xml.count("\n") + 1 else ""
    text = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", said))
    return {"paragraph": max(line - 1, 1), "text": text[:60]}


def _wrong(node: nodes.Node, scope: Scope, lists: frozenset[str]) -> Iterator[tuple[str, str, int]]:
    """Yield what a template may not say: the code, the words, the line."""
    if not isinstance(node, ALLOWED) or (isinstance(node, nodes.Filter) and node.name not in FILTERS):
        yield "placeholder_not_allowed", type(node).__name__.lower(), node.lineno
        return
    if isinstance(node, nodes.Name) and (node.name not in scope or scope[node.name] is not None):
        yield "unknown_placeholder", node.name, node.lineno
        return
    if isinstance(node, nodes.Getattr):
        row = node.node.name if isinstance(node.node, nodes.Name) else ""
        if row in lists or node.attr not in (scope.get(row) or ()):
            yield "unknown_placeholder", f"{row}.{node.attr}", node.lineno
        return
    if isinstance(node, nodes.For):
        yield from _wrong_loop(node, scope, lists)
        return
    for child in _inside(node, lists):
        yield from _wrong(child, scope, lists)


def _inside(node: nodes.Node, lists: frozenset[str]) -> Iterator[nodes.Node]:
    """Yield what is to be looked at in a node; whether a list has rows may be asked."""
    asks = isinstance(node, nodes.If) and isinstance(node.test, nodes.Name) and node.test.name in lists
    yield from node.iter_child_nodes(exclude=("test",) if asks else None)


def _wrong_loop(node: nodes.For, scope: Scope, lists: frozenset[str]) -> Iterator[tuple[str, str, int]]:
    over = node.iter.name if isinstance(node.iter, nodes.Name) else ""
    if over not in lists or not isinstance(node.target, nodes.Name) or node.recursive or node.test:
        yield "unknown_placeholder", over or "for", node.lineno
        return
    inner = scope | {node.target.name: scope[over], "loop": LOOP}
    for child in (*node.body, *node.else_):
        yield from _wrong(child, inner, lists - {node.target.name})
