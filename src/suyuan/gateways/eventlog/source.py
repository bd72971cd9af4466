"""The bytes of a log, unpacked and as UTF-8, from the start as often as asked."""

import codecs
import gzip
import re
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from suyuan.domain.errors import BadInput

from ..tablefile.containers import GZIP, refuse_bomb
from ..unzipping import DAMAGED

BLOCK = 2 << 20
_SQLITE = b"SQLite format 3\0"
_DECLARED = re.compile(rb"^<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
_KNOWN = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|mac-\w+|koi8-[ru]|gbk|gb2312|gb18030|big5\w*|shift_jis\w*|euc_\w+"
)
"""What an XML declaration may name: encodings of texts, none of the standard library's other codecs."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Source(NamedTuple):
    """A file with what its first bytes say it is: ``sqlite``, ``json``, ``xml`` or ``text``."""

    path: Path
    packed: bool
    form: str
    encoding: str

    @property
    def name(self) -> str:
        """Return what an error names."""
        return self.path.name

    def blocks(self, size: int = BLOCK) -> Generator[bytes]:
        """Yield the content as UTF-8 without a mark, the next block being unpacked meanwhile."""
        with closing(self._raw(size)) as raw:
            first = _unmarked(next(raw, b""))
            if self.encoding == "utf-8":
                yield first
                yield from raw
            else:
                yield from self._decoded(chain((first,), raw))

    def _decoded(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        decoder, line = codecs.getincrementaldecoder(self.encoding)("strict"), 1
        for block in chain(raw, (b"",)):
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError:
                raise BadInput("bad_encoding", file=self.name, line=line, encoding=self.encoding) from None
            line += text.count("\n")
            yield text.encode()

    def _raw(self, size: int) -> Generator[bytes]:
        inner = gzip.open(self.path) if self.packed else self.path.open("rb")  # noqa: SIM115 closed below
        with inner as stream, ThreadPoolExecutor(1) as ahead:
            read = partial(self._read, cast(BinaryIO, stream), size)
            coming, count = ahead.submit(read), 0
            while block := coming.result():
                coming = ahead.submit(read)
                yield block
                count += len(block)
                if self.packed:
                    refuse_bomb(self.name, self.path.stat().st_size, count)

    def _read(self, stream: BinaryIO, size: int) -> bytes:
        """Return so many bytes, fewer only at the end; raise BadInput where they are damaged or cut off."""
        try:
            return stream.read(size)
        except EOFError:
            raise BadInput("truncated_file", file=self.name) from None
        except DAMAGED as error:
            raise BadInput("damaged_file", file=self.name, problem=str(error)) from None

    def whole(self) -> bytes:
        """Return all of it as UTF-8."""
        with closing(self.blocks()) as blocks:
            return b"".join(blocks)


def locate(path: Path) -> Source:
    """Return the file with what it is by its content; raise BadInput for none and for an empty one."""
    if not path.is_file():
        raise BadInput("log_missing", file=path.name)
    with path.open("rb") as stream:
        packed = stream.read(2) == GZIP
    source = Source(path, packed, "", "utf-8")
    with closing(source._raw(4096)) as blocks:
        head = next(blocks, b"")
    if not head:
        raise BadInput("empty_file", file=path.name)
    if head.startswith(_SQLITE):
        if packed:
            raise BadInput("log_form", file=path.name, value="sqlite.gz")
        return source._replace(form="sqlite")
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    text = _unmarked(head).decode(encoding or "utf-8", "replace").lstrip()
    return source._replace(form=_form(text, path.name), encoding=encoding or _declared(head, path.name))


def form_of(path: Path) -> str:
    """Return what a file is by its content: ``sqlite``, ``json``, ``xml`` or ``text``."""
    return locate(path).form


def _form(text: str, name: str) -> str:
    if text.startswith("<"):
        return "xml"
    if text.startswith(("{", "[")):
        return "json"
    if "\0" in text:
        raise BadInput("log_form", file=name, value="binary")
    return "text"


def _declared(head: bytes, name: str) -> str:
    """Return the encoding an XML declaration names, UTF-8 without one."""
    found = _DECLARED.match(head)
    if not found:
        return "utf-8"
    said = found.group(1).decode("ascii")
    try:
        encoding = codecs.lookup(said).name
    except LookupError:
        encoding = ""
    if not _KNOWN.fullmatch(encoding):
        raise BadInput("bad_encoding", file=name, encoding=said)
    return encoding


def _unmarked(block: bytes) -> bytes:
    return next((block[len(mark) :] for mark, _ in _MARKS if block.startswith(mark)), block)
