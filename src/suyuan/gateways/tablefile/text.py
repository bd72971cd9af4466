"""The rows of a csv or tsv text, one at a time: a file of a gigabyte costs no more memory than a line."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from suyuan.domain.errors import BadInput

from .containers import Source
from .encoding import LINE_LIMIT, detect

NO_CHARACTER = "\ufffd"
"""What stands for a NUL: no database keeps one, and no csv that holds one is a table."""
DELIMITERS = ",\t;|"
SAMPLE_ROWS = 30


class TextSheet:
    """The one sheet of a text table. Every value is text."""

    name = ""
    total_rows: int | None = None

    def __init__(self, source: Source, *, quoting: str = "standard") -> None:
        self.source = source
        self._quoting = quoting
        self._stream: BinaryIO | None = None
        self._line = ""
        with source.open() as stream:
            self.encoding = detect(stream, source.name)
        self.delimiter = self._sniff()
        self._stream = None

    def head(self, count: int) -> list[list[str]]:
        """Return the first ``count`` rows."""
        found = list(islice(self.rows(), count))
        self._stream = None
        return found

    def rows(self) -> Iterator[list[str]]:
        """Yield every row from the first."""
        return self._read(self.delimiter)

    def fraction(self) -> float:
        """Return how much of the file has been read."""
        if self._stream is None:
            return 0.0
        if self._stream.closed:
            return 1.0
        return min(1.0, self.source.position(self._stream) / self.source.size)

    def _read(self, delimiter: str) -> Iterator[list[str]]:
        plain = self._quoting == "none" and delimiter == "\t"
        reader = csv.reader(
            self._lines(), delimiter=delimiter, quoting=csv.QUOTE_NONE if plain else csv.QUOTE_MINIMAL
        )
        try:
            yield from reader
        except csv.Error as error:
            closed = len(self._line) > csv.field_size_limit() and self._line.count('"') % 2 == 0
            code = "cell_too_long" if closed else "broken_quotes"
            raise BadInput(code, file=self.source.name, line=reader.line_num, problem=str(error)) from None

    def _lines(self) -> Iterator[str]:
        self._stream = self.source.open()
        text = io.TextIOWrapper(self._stream, encoding=self.encoding, errors="strict", newline="")
        number = 0
        try:
            while line := text.readline(LINE_LIMIT):
                number, self._line = number + 1, line
                if len(line) >= LINE_LIMIT:
                    raise BadInput("line_too_long", file=self.source.name, line=number, limit=LINE_LIMIT)
                yield line if "\0" not in line else line.replace("\0", NO_CHARACTER)
        except UnicodeError:
            raise BadInput("bad_encoding", file=self.source.name, line=number + 1) from None
        finally:
            text.close()

    def _sniff(self) -> str:
        """Return the delimiter that cuts most of the first rows into equally many cells."""

        def score(delimiter: str) -> tuple[int, int]:
            try:
                widths = Counter(len(r) for r in islice(self._read(delimiter), SAMPLE_ROWS) if len(r) > 1)
            except BadInput as error:
                if error.code not in ("broken_quotes", "cell_too_long"):
                    raise
                return (0, 0)
            return max(((count, width) for width, count in widths.items()), default=(0, 0))

        return max(DELIMITERS, key=score)
