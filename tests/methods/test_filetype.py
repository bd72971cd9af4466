"""A file is taken only where its extension, what it holds and what the sender calls it say the same."""

import io
import os
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput
from suyuan.gateways.filetype import TYPES, Bounds, accept
from tests.evidence_files import DOCX, XLSX, archive, box, pdf, picture, sound, video, webm, word

BOUNDS = Bounds(pixels=1_000_000, entries=100, expanded=5_000_000, ratio=100)
ZIP = archive({"a.txt": b"hidden"}, zipfile.ZIP_STORED)
MP3 = b"ID3\x04\0\0\0\0\0\0" + (b"\xff\xfb\x90\0" + b"\0" * 413) * 2
OGG = b"OggS\0\2" + b"\0" * 20 + b"\x01\x13OpusHead" + b"\0" * 40
AMR = b"#!AMR\n" + b"\x3c" + b"\0" * 31
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"mdat", b"x" * 40)
TAKEN = {
    "a.jpg": (picture(), "image/jpeg", "image/jpeg"),
    "a.JPEG": (picture(progressive=True), "image/pjpeg", "image/jpeg"),
    "a.png": (picture("PNG"), "", "image/png"),
    "a.gif": (picture("GIF"), "image/gif", "image/gif"),
    "a.webp": (picture("WEBP"), "image/webp", "image/webp"),
    "lossless.webp": (picture("WEBP", lossless=True), "image/webp", "image/webp"),
    "a.heic": (HEIC, "image/heif", "image/heic"),
    "a.wav": (sound(0.1), "audio/x-wav", "audio/wav"),
    "a.mp3": (MP3, "audio/mpeg", "audio/mpeg"),
    "a.m4a": (video(b"M4A "), "audio/x-m4a", "audio/mp4"),
    "phone.m4a": (video(b"mp42"), "audio/mp4", "audio/mp4"),
    "a.ogg": (OGG, "audio/ogg", "audio/ogg"),
    "a.amr": (AMR, "application/octet-stream", "audio/amr"),
    "a.flac": (b"fLaC\0\0\0\x22" + b"\0" * 40, "audio/flac", "audio/flac"),
    "a.mp4": (video(), "video/mp4", "video/mp4"),
    "a.mov": (video(b"qt  "), "video/quicktime", "video/quicktime"),
    "a.3gp": (video(b"3gp4"), "video/3gpp", "video/3gpp"),
    "a.webm": (webm(), "video/webm; codecs=vp8", "video/webm"),
    "a.weba": (webm(), "audio/webm", "audio/webm"),
    "a.pdf": (pdf(), "application/pdf", "application/pdf"),
    "a.docx": (word(), DOCX, DOCX),
    "a.xlsx": (archive({"xl/workbook.xml": b"<workbook/>"}), XLSX, XLSX),
    "a.txt": ("客户说：表后线烧了".encode(), "text/plain", "text/plain"),
    "gbk.txt": ("客户说：表后线烧了".encode("gb18030"), "text/plain", "text/plain"),
    "motion.jpg": (picture() + video(b"mp42"), "image/jpeg", "image/jpeg"),
    "several.jpg": (picture() + picture() + b"\0\0", "image/jpeg", "image/jpeg"),
}


def refused(content: bytes, name: str, declared: str = "") -> str:
    """Return the code a file is refused with."""
    with pytest.raises(BadInput) as wrong:
        accept(io.BytesIO(content), len(content), name, declared, BOUNDS)
    assert wrong.value.facts["name"] == name
    return wrong.value.code


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_what_it_says_is_taken(name):
    content, declared, media = TAKEN[name]

    assert accept(io.BytesIO(content), len(content), name, declared, BOUNDS).media_type == media


def test_every_type_that_is_taken_has_been_tried():
    assert {media for _, _, media in TAKEN.values()} == set(TYPES)


@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        (picture("PNG"), "a.jpg", "image/jpeg", "file_type_disagrees"),
        (picture(), "a.jpg", "text/html", "file_type_disagrees"),
        (sound(0.1), "a.mp3", "audio/mpeg", "file_type_disagrees"),
        (pdf(), "a.txt", "text/plain", "file_type_disagrees"),
        (word(), "a.xlsx", "", "file_type_disagrees"),
        (picture(), "a.exe", "", "file_type_unknown"),
        (picture(), "a", "", "file_type_unknown"),
        (b"\x01\x02\x03" * 90, "a.jpg", "", "file_type_unknown"),
        (b"MZ\x90\0" + b"\0" * 200, "a.jpg", "image/jpeg", "file_executable"),
        (b"\x7fELF\2\1\1" + b"\0" * 90, "a.mp4", "", "file_executable"),
        (b"#!/bin/sh\nrm -rf x\n", "a.txt", "text/plain", "file_executable"),
        (b"<!DOCTYPE html><html><script>x</script>", "a.png", "image/png", "file_markup"),
        (b"<html>", "a.txt", "text/plain", "file_markup"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "a.svg", "image/svg+xml", "file_markup"),
        (b'<?xml version="1.0"?><a/>', "a.txt", "text/plain", "file_markup"),
        (ZIP, "a.zip", "application/zip", "file_archive"),
        (ZIP, "a.docx", DOCX, "file_archive"),
        (b"Rar!\x1a\x07\x01\0" + b"\0" * 90, "a.rar", "", "file_archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "application/msword", "file_macros"),
        (b"text\0with nul", "a.txt", "text/plain", "file_type_unknown"),
        (b"\xff\xff\xff bad", "a.txt", "text/plain", "file_type_unknown"),
    ],
)
def test_what_is_something_else_is_refused_with_what_is_wrong(content, name, declared, code):
    assert refused(content, name, declared) == code


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture("GIF") + ZIP, "gif+zip.gif"),
        (picture() + ZIP, "jpeg+zip.jpg"),
        (picture() + b"Rar!\x1a\x07\0 and more", "jpeg+rar.jpg"),
        (picture() + b"<script>alert(1)</script>", "jpeg+html.jpg"),
        (picture("PNG") + b"trailing words", "png+words.png"),
        (picture("WEBP") + ZIP, "webp+zip.webp"),
        (picture(comment=b"<html><script>"), "html-in-comment.jpg"),
        (picture(comment=b"%PDF-1.4"), "pdf-in-comment.jpg"),
        (pdf() + b"<html><body>page</body></html>", "pdf+html.pdf"),
        (b"%PDF-1.4\n<html><script>x</script>\n" + pdf(), "html-in-pdf.pdf"),
        (pdf() + ZIP, "pdf+zip.pdf"),
        (sound(0.1) + ZIP, "wav+zip.wav"),
        (video() + ZIP, "mp4+zip.mp4"),
        (video() + box(b"free", ZIP), "zip-in-free-box.mp4"),
        (MP3 + ZIP, "mp3+zip.mp3"),
        (webm() + ZIP + b"padding", "webm+zip+padding.webm"),
        (OGG + b"7z\xbc\xaf\x27\x1c" + b"\0" * 30, "ogg+7z.ogg"),
        (ZIP[:0] + b"\0" * 8 + word(), "prefixed.docx"),
    ],
)
def test_two_formats_in_one_file_are_refused(content, name):
    assert refused(content, name) in ("file_polyglot", "file_type_unknown")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture()[:-40], "a.jpg"),
        (picture("PNG")[:-20], "a.png"),
        (picture("GIF")[:-1], "a.gif"),
        (picture("WEBP")[:-8], "a.webp"),
        (sound(0.1)[:-99], "a.wav"),
        (pdf()[:-7], "a.pdf"),
    ],
)
def test_a_file_that_was_cut_off_is_refused(content, name):
    assert refused(content, name) == "truncated_file"


def promised(width: int, height: int) -> bytes:
    """Return a PNG that says it is this large."""
    honest = picture("PNG")
    return honest[:16] + struct.pack(">II", width, height) + honest[24:]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (promised(60_000, 60_000), "bomb.png"),
        (picture("GIF")[:6] + b"\xff\xff\xff\xff" + picture("GIF")[10:], "bomb.gif"),
    ],
)
def test_a_picture_that_would_unfold_to_too_many_pixels_is_refused(content, name):
    assert refused(content, name) == "too_many_pixels"


EXTERNAL = (
    b'<Relationships><Relationship Id="1" Type="http://x/attachedTemplate" '
    b'Target="http://x/" TargetMode="External"/>'
)
LINK = EXTERNAL.replace(b"attachedTemplate", b"hyperlink")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (word({"word/big.xml": b"0" * 4_000_000}), "zip_bomb"),
        (word({f"word/{n}.xml": b"" for n in range(101)}), "zip_bomb"),
        (word({"word/a.bin": bytes(range(256)) * 30_000}), "zip_bomb"),
        (word({"word/embeddings/x.xlsx": word()}), "file_embedded"),
        (word({"word/inner.zip": ZIP}), "file_embedded"),
        (word({"../../etc/passwd": b"x"}), "file_paths"),
        (word({"/etc/passwd": b"x"}), "file_paths"),
        (word({"word\\..\\..\\x": b"x"}), "file_paths"),
        (word({"word/vbaProject.bin": b"x"}), "file_macros"),
        (word({"word/x.xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), "file_macros"),
        (
            word(document=b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://inside.example/secret">]><w>&e;</w>'),
            "xml_entities",
        ),
        (
            word(document=os.urandom(300_000).replace(b"\0", b" ") + b"<!ENTITY e 'x'>"),
            "xml_entities",
        ),
        (word(document="<!DOCTYPE x>".encode("utf-16")), "xml_entities"),
        (word({"word/_rels/document.xml.rels": EXTERNAL}), "file_active"),
        (word().replace(b"word/document.xml", b"word/document.xm_", 1), "damaged_file"),
    ],
)
def test_a_document_is_held_to_its_bounds_and_runs_nothing(content, code):
    assert refused(content, "a.docx") == code


def test_a_link_in_a_document_is_no_offence():
    content = word({"word/_rels/document.xml.rels": LINK})

    assert accept(io.BytesIO(content), len(content), "a.docx", DOCX, BOUNDS).media_type == DOCX


@pytest.mark.parametrize(
    "inside", [b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", b"<</S/Launch/F(cmd)>>"]
)
def test_a_pdf_that_would_run_something_is_refused(inside):
    assert refused(pdf(inside), "a.pdf") == "file_active"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TAKEN)), st.data())
def test_a_damaged_file_is_taken_or_refused_and_never_breaks_the_reader(name, data):
    content = bytearray(TAKEN[name][0])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.integers(1, len(content)))]) + data.draw(st.binary(max_size=40))

    try:
        found = accept(io.BytesIO(content), len(content), name, "", BOUNDS).media_type
    except BadInput as wrong:
        found = wrong.facts["name"]

    assert found in (TAKEN[name][2], name)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=2000),
    st.sampled_from([".jpg", ".png", ".gif", ".webp", ".mp4", ".pdf", ".docx", ".wav"]),
)
def test_noise_is_never_taken(noise, extension):
    heads = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n", ".gif": b"GIF89a", ".pdf": b"%PDF-"}
    heads |= {".mp4": b"\0\0\0\x10ftypisom", ".docx": b"PK\x03\x04", ".webp": b"RIFF\1\0\0\0WEBP"}
    content = heads.get(extension, b"RIFF\1\0\0\0WAVE") + b"\x01\x02" + noise

    assert refused(content, f"a{extension}") != ""
