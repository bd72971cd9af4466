"""Recordings and videos: which container it is, and whether it ends where it says."""

from collections.abc import Callable

from .source import Source, number

BRANDS = {
    "image/heic": (b"heic", b"heix", b"heim", b"heis", b"mif1"),
    "audio/mp4": (b"M4A ", b"M4B "),
    "video/quicktime": (b"qt  ",),
    "video/3gpp": (b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3ge6", b"3gg6"),
    "video/mp4": (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ")
    + (b"MSNV", b"dash", b"mmp4"),
}
BY_BRAND = {brand: media for media, brands in BRANDS.items() for brand in brands}
OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
HOLDS = frozenset({b"moov", b"mdat", b"moof", b"meta"})
"""Boxes without which there is nothing to see or hear."""
STREAMED = (0, 0xFFFFFFFF)
"""What a recorder writes for a length it did not know yet."""


def sniff(head: bytes) -> str | None:
    """Return which recording or video this is, or None."""
    if head[4:8] == b"ftyp":
        return BY_BRAND.get(head[8:12])
    if head[4:8] in OLD_QUICKTIME:
        return "video/quicktime"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head[:64]:
        return "video/webm"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    starts = {b"OggS": "audio/ogg", b"fLaC": "audio/flac"}
    return starts.get(head[:4]) or ("audio/mpeg" if head[:3] == b"ID3" or is_frame(head) else None)


def is_frame(head: bytes) -> bool:
    """Return whether some bytes start an MPEG audio frame."""
    word = number(">I", head)
    return (
        word >> 21 == 0x7FF and word >> 17 & 3 == 1 and word >> 12 & 15 not in (0, 15) and word >> 10 & 3 != 3
    )


def walk_boxes(source: Source, at: int = 0) -> None:
    """Walk the boxes of an MP4 or a picture of its family: the last one ends with the file."""
    kinds = set()
    while at < source.size:
        head = source.read(at, 16)
        kinds.add(head[4:8])
        length, start = number(">I", head), 8
        if length == 1:
            length, start = number(">Q", head, 8), 16
        elif length == 0:
            length = source.size - at
        if length < start or not head[4:8].isascii() or at + length > source.size:
            raise source.bad("file_polyglot" if kinds & HOLDS else "damaged_file", behind=at)
        at += length
    if not kinds & HOLDS:
        raise source.bad("truncated_file")


def walk_wave(source: Source) -> None:
    """Hold a WAV recording to the length it gives."""
    length = number("<I", source.read(4, 4))
    end = length + 8
    if length in STREAMED:
        return
    if end > source.size:
        raise source.bad("truncated_file")
    if source.read(end + end % 2, source.size).strip(b"\0"):
        raise source.bad("file_polyglot", behind=end)


def walk_mpeg(source: Source) -> None:
    """Hold an MP3 to a frame behind its tag."""
    head = source.read(0, 10)
    at = 0
    if head[:3] == b"ID3":
        at = 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(head[6:10]))
    first = source.read(at, 8192).lstrip(b"\0")
    if not is_frame(first[:4]):
        raise source.bad("damaged_file", at=at)


def walk_ogg(source: Source) -> None:
    """Hold an Ogg recording to an audio codec and a first page."""
    head = source.read(0, 512)
    if not any(codec in head for codec in (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")):
        raise source.bad("file_type_unknown", found="ogg")


WALKS: dict[str, Callable[[Source], None]] = {
    "image/heic": walk_boxes,
    "audio/mp4": walk_boxes,
    "video/mp4": walk_boxes,
    "video/quicktime": walk_boxes,
    "video/3gpp": walk_boxes,
    "audio/wav": walk_wave,
    "audio/mpeg": walk_mpeg,
    "audio/ogg": walk_ogg,
}
