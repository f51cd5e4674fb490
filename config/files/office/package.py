"""The zip that a Word or Excel file is: what must be true of it before anything inside is parsed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from . import caps
from .tally import Trouble

STRICT = "http://purl.oclc.org/ooxml/"
ENCRYPTED_FLAG = 0x1
_LEAVING = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\x00")


class _RootSeen(Exception):  # noqa: N818 (not an error: the parser stops there)
    """The root element has begun: a document type could only have stood before it."""


def open_package(data: bytes) -> zipfile.ZipFile:
    """The archive, every cap checked and every XML member without a document type. Raises Trouble."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        check_members(archive)
        for name, root in _roots(archive):
            if root.startswith(STRICT) and name.startswith(("word/document", "xl/workbook")):
                raise Trouble("strict")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
        raise Trouble("damaged") from error
    return archive


def office_kind(archive: zipfile.ZipFile) -> str:
    """docx or xlsx. Raises Trouble with the sentence that fits anything else."""
    names = set(archive.namelist())

    def any_under(*folders: str) -> bool:
        return any(name.startswith(folders) for name in names)

    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            raise Trouble("binary_excel")
        if any_under("word/"):
            return "docx"
        if any_under("xl/"):
            return "xlsx"
        if any_under("ppt/"):
            raise Trouble("slides")
    if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument"):
        raise Trouble("opendocument")
    if any_under("Index/") or "Index.zip" in names:
        raise Trouble("pages")
    raise Trouble("archive")


def check_members(
    archive: zipfile.ZipFile, most: int = caps.MAX_MEMBERS, unpacked_bytes: int = caps.MAX_UNPACKED_BYTES
) -> None:
    """Raises Trouble where the archive has too many members, unpacks to too much, leads outside or is locked."""
    members = archive.infolist()
    if len(members) > most:
        raise Trouble("members")
    if len({member.filename for member in members}) < len(members):
        raise Trouble("damaged")
    # zipfile never unpacks a member past the size it declares, so the declared sizes may be trusted as upper bounds.
    if sum(member.file_size for member in members) > unpacked_bytes:
        raise Trouble("unpacked")
    for member in members:
        if _LEAVING.search(member.orig_filename):
            raise Trouble("paths")
        if member.flag_bits & ENCRYPTED_FLAG:
            raise Trouble("encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Trouble("damaged")
        packed = max(member.compress_size, 1)
        if member.file_size > caps.MIN_RATIO_BYTES and member.file_size / packed > caps.MAX_UNPACKED_RATIO:
            raise Trouble("unpacked")


def _roots(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and root element (namespace before it) of every member that is XML; Trouble at a document type in any.

    Every member is tried, whatever its name: content types can call any of them XML. expat knows the encodings in
    which a byte search would miss ``<!DOCTYPE``.
    """
    for member in archive.infolist():
        if member.is_dir():
            continue
        root = ""

        def begin(name: str, attributes: dict[str, str]) -> None:
            nonlocal root
            root = name
            raise _RootSeen

        def doctype(*_: object) -> None:
            raise Trouble("dtd")

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = begin
        parser.StartDoctypeDeclHandler = doctype
        with archive.open(member) as stream:
            try:
                while chunk := stream.read(65_536):
                    parser.Parse(chunk)
            except _RootSeen:
                yield member.filename, root
            except expat.ExpatError:
                continue  # not XML; a reader that needs it will say so
