"""The types of files that are taken; whatever is not listed here is refused."""

from dataclasses import dataclass

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OFFICE}wordprocessingml.document"
XLSX = f"{OFFICE}spreadsheetml.sheet"
UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""What a browser declares where it does not know."""


@dataclass(frozen=True, slots=True)
class Type:
    """One type: its extensions, other names that browsers and recorders declare for it."""

    extensions: tuple[str, ...]
    also: tuple[str, ...] = ()


TYPES: dict[str, Type] = {
    "image/jpeg": Type((".jpg", ".jpeg", ".jpe", ".jfif"), ("image/jpg", "image/pjpeg")),
    "image/png": Type((".png",), ("image/x-png",)),
    "image/gif": Type((".gif",)),
    "image/webp": Type((".webp",)),
    "image/heic": Type((".heic", ".heif"), ("image/heif",)),
    "audio/wav": Type((".wav",), ("audio/x-wav", "audio/wave", "audio/vnd.wave")),
    "audio/mpeg": Type((".mp3",), ("audio/mp3", "audio/x-mp3", "audio/mpeg3")),
    "audio/mp4": Type((".m4a",), ("audio/x-m4a", "audio/m4a", "video/mp4")),
    "audio/ogg": Type((".ogg", ".oga", ".opus"), ("application/ogg", "video/ogg", "audio/opus")),
    "audio/amr": Type((".amr",), ("audio/x-amr", "audio/3gpp")),
    "audio/flac": Type((".flac",), ("audio/x-flac",)),
    "audio/webm": Type((".weba",), ("video/webm",)),
    "video/mp4": Type((".mp4", ".m4v"), ("video/x-m4v",)),
    "video/quicktime": Type((".mov",)),
    "video/3gpp": Type((".3gp",), ("audio/3gpp",)),
    "video/webm": Type((".webm",), ("audio/webm",)),
    "application/pdf": Type((".pdf",), ("application/x-pdf",)),
    "text/plain": Type((".txt",)),
    DOCX: Type((".docx",)),
    XLSX: Type((".xlsx",)),
}

SAME_CONTAINER = (
    frozenset({"audio/mp4", "video/mp4", "video/quicktime", "video/3gpp"}),
    frozenset({"audio/webm", "video/webm"}),
)
"""Types that are one container: which of them it is, the extension says."""

INLINE = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "audio/wav", "audio/mpeg", "audio/mp4"}
    | {"audio/ogg", "audio/flac", "audio/webm", "video/mp4", "video/webm"}
)
"""What a page shows or plays; everything else comes as a download."""

BY_EXTENSION = {extension: media for media, one in TYPES.items() for extension in one.extensions}
