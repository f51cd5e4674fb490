"""Files as people and attackers make them, built here byte by byte; nothing is kept in the repository."""

import io
import zipfile

import docx
import openpyxl

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(rows=(("Name", "Age"), ("Ada", 36)), change=None) -> bytes:
    """An Excel workbook of one sheet “Plan”; ``change`` may work on the openpyxl workbook before it is saved."""
    book = openpyxl.Workbook()
    book.active.title = "Plan"
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(body: str) -> bytes:
    """A Word document whose body is this XML."""
    out = io.BytesIO()
    docx.Document().save(out)
    xml = f'<?xml version="1.0"?><w:document {W}><w:body>{body}</w:body></w:document>'
    return with_members(out.getvalue(), {"word/document.xml": xml.encode()})


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def sheet(data: str, tail: str = "", dimension: str = "") -> bytes:
    """A workbook whose sheet is this XML (rows; then what follows them)."""
    xml = f"<worksheet {S}>{dimension}<sheetData>{data}</sheetData>{tail}</worksheet>"
    return with_members(workbook(), {"xl/worksheets/sheet1.xml": xml.encode()})


def with_members(package: bytes, members: dict[str, bytes]) -> bytes:
    """The same zip with these members instead of, or besides, its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename not in members:
                new.writestr(member.filename, old.read(member))
        for name, data in members.items():
            new.writestr(name, data)
    return out.getvalue()


def encrypted_members(package: bytes) -> bytes:
    """The same zip with the encryption bit of its first member set, in both its headers."""
    data = bytearray(package)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def compound_file(stream: str) -> bytes:
    """The beginning of an OLE file and the directory name of one stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(600)


def lock_file(owner: str = "Dana Reyes") -> bytes:
    """The 162 bytes Word leaves beside an open document: length and name of who has it open, twice."""
    name = owner.encode()
    return (bytes([len(name)]) + name).ljust(54, b"\0") + (bytes([len(name), 0]) + owner.encode("utf-16-le")).ljust(
        108, b"\0"
    )
