"""XML read element by element, with the line of what is wrong; no document type, so no entity, is taken."""

from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from suyuan.domain.errors import BadInput


class Reader(Protocol):
    """What is told of a document; it asks for the line where it needs one."""

    at: "Parser"

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


class Parser:
    """A parser that is fed bytes in UTF-8 and tells a reader of elements as they are written."""

    def __init__(self, reader: Reader, file: str) -> None:
        self._file, self._reader = file, reader
        parser = self._parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        reader.at = self

    @property
    def line(self) -> int:
        """Return the line reached."""
        return self._parser.CurrentLineNumber

    def heed_text(self, heeded: bool) -> None:
        """Tell the reader of text, or for a while not; nobody waits for what lies between 20,000 elements."""
        self._parser.CharacterDataHandler = self._reader.text if heeded else None

    def feed(self, data: bytes, *, final: bool = False) -> None:
        """Take more of the document; raise BadInput with the line where it is none."""
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            problem = expat.errors.messages.get(error.code, str(error.code))
            cut = final and problem in ("no element found", "unclosed token", "unclosed CDATA section")
            code = "truncated_file" if cut else "log_unreadable"
            raise BadInput(code, file=self._file, line=error.lineno, problem=problem) from None

    def _doctype(self, *_: object) -> None:
        raise BadInput("log_doctype", file=self._file, line=self.line)


def plain(name: str) -> str:
    """Return the name of an element without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def parse(blocks: Iterable[bytes], reader: Reader, file: str) -> None:
    """Tell a reader of a whole document."""
    parser = Parser(reader, file)
    for block in blocks:
        parser.feed(block)
    parser.feed(b"", final=True)
