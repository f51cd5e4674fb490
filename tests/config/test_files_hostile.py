"""Files that lie about themselves: each is refused with the sentence that fits, within the caps, and nothing leaks."""

import io
import subprocess
import sys
import threading
import time
import zipfile

import pytest
from django.utils import translation

from config.files import Problem, UnreadableFile, process, read, read_html
from config.files.office import caps
from config.files.sentences import SENTENCES
from tests.config.files_made import (
    S,
    W,
    compound_file,
    encrypted_members,
    lock_file,
    sheet,
    tbl,
    tc,
    with_members,
    word,
    workbook,
)

BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def code(data, filename="plan.xlsx"):
    with pytest.raises(UnreadableFile) as caught:
        read(data, filename)
    (problem,) = caught.value.problems
    assert problem.place.file == filename
    assert problem.sentence
    return problem.code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (bytes(5_000), "empty"),
        (b"a" * 10_000_001, "too_big"),
        (b"%PDF-1.7\n...", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"BM\x36\0\0\0\0\0\0\0", "picture"),
        (rb"{\rtf1\ansi table}", "rtf"),
        (b"\x7fELF\x02\x01\x01\0", "unknown"),
        (b"a,b\0\x01\x02,c", "unknown"),
        (b"<?xml version='1.0'?><svg/>", "unknown"),
        (b"\x1f\x8b\x08\0", "archive"),
        (lock_file(), "lock_file"),
        (compound_file("EncryptedPackage"), "encrypted"),
        (compound_file("WordDocument"), "old_word"),
        (compound_file("Workbook"), "old_excel"),
        (compound_file("Something"), "old_office"),
        (b"<html><body>No table, no words", "OK"),
        (b"caf\xe9,\x81\x8d", "encoding"),
    ],
)
def test_file_of_another_kind_has_its_own_sentence(data, expected):
    if expected == "OK":
        assert read(data, "a.xls")[0].texts() == [["No table, no words"]]
    else:
        assert code(data) == expected


def test_lock_file_is_known_by_its_name_too():
    assert code(b"x" * 20, "~$plan.docx") == "lock_file"


def test_bitmap_letters_at_the_start_of_a_csv_are_text():
    assert read(b"BMI,MZ\n1,2\n", "plan.csv")[0].texts() == [["BMI", "MZ"], ["1", "2"]]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"a.txt": b"x"}, "archive"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "opendocument"),
        ({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}, "slides"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}, "binary_excel"),
        ({"Index/Document.iwa": b"x"}, "pages"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "damaged"),
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "damaged"),
        (
            {
                "[Content_Types].xml": b"<x/>",
                "xl/workbook.xml": b'<w xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>',
            },
            "strict",
        ),
    ],
)
def test_zip_of_another_kind_has_its_own_sentence(members, expected):
    assert code(zipped(**members)) == expected


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "xl/../../evil.xml", "C:\\evil.xml", "..\\evil.xml", "xl\\..\\evil"]
)
def test_zip_member_that_leaves_the_archive_is_refused(name):
    assert code(with_members(workbook(), {name: b"x"})) == "paths"


def test_zip_with_too_many_members_is_refused():
    assert code(with_members(workbook(), {f"xl/{number}.xml": b"" for number in range(2_001)})) == "members"


def test_zip_bomb_by_ratio_is_refused():
    assert code(with_members(workbook(), {"xl/media/a.xml": bytes(2_000_000)})) == "unpacked"


def test_zip_bomb_by_size_is_refused():
    noise = (b"".join(bytes([n % 256, n // 7 % 256]) for n in range(3_500)) * 1_500)[:10_000_000]
    assert code(with_members(workbook(), {f"xl/{number}.xml": noise for number in range(7)})) == "unpacked"


def test_zip_with_a_password_is_refused():
    assert code(encrypted_members(workbook())) == "encrypted"


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_truncated_file_is_damaged(part):
    data = workbook()
    assert code(data[: int(len(data) * part)]) == "damaged"


def test_file_with_flipped_bytes_is_damaged_or_read():
    data = workbook()
    for at in range(0, len(data), len(data) // 12):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        try:
            tables = read(bytes(broken), "plan.xlsx")
        except UnreadableFile as unreadable:
            assert len(unreadable.problems) == 1  # noqa: PT017 (either way is right; a crash is not)
        else:
            assert len(tables) == 1


@pytest.mark.parametrize("doctype", [BILLION_LAUGHS, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("package", "member", "root"),
    [
        (workbook(), "xl/worksheets/sheet1.xml", f"<worksheet {S}><sheetData/></worksheet>"),
        (workbook(), "xl/sharedStrings.xml", f"<sst {S}><si><t>&a;</t></si></sst>"),
        (workbook(), "anything.png", "<x>&a;</x>"),
        (word(tbl(tc("a"))), "word/document.xml", f"<w:document {W}><w:body/></w:document>"),
    ],
)
def test_document_type_in_any_member_is_refused(doctype, encoding, package, member, root):
    data = with_members(package, {member: (doctype + root).encode(encoding)})
    assert code(data) == "dtd"


def test_word_with_ten_thousand_elements_deep_is_damaged():
    assert code(word("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "plan.docx") == "damaged"


def test_sheet_of_a_million_empty_cells_ends_in_time():
    row = '<row r="{}">' + '<c s="0"/>' * 1_000 + "</row>"
    data = sheet("".join(row.format(number) for number in range(1, 1_001)) + '<row r="1001"><c><v>7</v></c></row>')
    began = time.monotonic()
    # Deflate shrinks a thousand equal rows past the ratio; either answer is right, a stalled site is not.
    assert code(data) == "unpacked"
    assert time.monotonic() - began < 5


def test_many_wide_merges_end_in_time():
    merges = "".join(f'<mergeCell ref="A{number}:XFD1048576"/>' for number in range(1, 15_000))
    data = sheet(
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="J{n}"><v>1</v></c></row>' for n in range(1, 4_000)),
        f"<mergeCells>{merges}</mergeCells>",
    )
    began = time.monotonic()
    assert read(data, "plan.xlsx")[0].texts() == [["1"]]
    assert time.monotonic() - began < 5


def test_office_process_is_stopped_at_its_memory_limit(tmp_path):
    greedy = tmp_path / "greedy.xlsx"
    greedy.write_bytes(sheet("<row>" + "".join(f'<c r="{number:x}"/>' for number in range(1_200_000)) + "</row>"))
    # From a small process: a child's peak counts what its parent held when it began.
    said, peak_kib = subprocess.run(
        [
            sys.executable,
            "-c",
            "import resource, sys\n"
            "from config.files import process\n"
            "try:\n    print('read', len(process.run('read', open(sys.argv[1], 'rb').read())))\n"
            "except process.OfficeError as error:\n    print(error.code)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)",
            str(greedy),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=process.HERE.parents[1],
    ).stdout.splitlines()
    assert said == "memory"
    assert int(peak_kib) * 1024 <= caps.MAX_READER_BYTES


def test_office_process_knows_no_django():
    seen = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            "import sys; sys.path.append(sys.argv[1]); import office.run; office.run.lighten();"
            " import office.package, office.xlsx, office.docx, office.pdf, office.webpage;"
            " print(sorted(m for m in sys.modules if m.split('.')[0] in ('django', 'config', 'numpy')"
            " and sys.modules[m]))",
            str(process.HERE),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout == "[]\n"


def test_third_file_waits_for_its_turn_and_is_told_when_none_comes(monkeypatch):
    with process._turn(), process._turn(), monkeypatch.context() as hasty:
        hasty.setattr(caps, "MAX_WAIT_SECONDS", 0.3)
        assert code(workbook()) == "busy"
    assert read(workbook(), "plan.xlsx")[0].texts() == [["Name", "Age"], ["Ada", "36"]]


def test_five_at_once_are_all_read_two_at_a_time():
    read_texts = []
    threads = [
        threading.Thread(target=lambda: read_texts.append(read_html("<table><tr><td>a</table>")[0].texts()))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_texts == [[["a"]]] * 5


def test_every_sentence_can_be_said():
    values = {"megabytes": 10, "most": 5, "characters": "x"}
    with translation.override("en"):
        said = {name: Problem(name, values=values).sentence for name in SENTENCES}
    assert [name for name, sentence in said.items() if "%" in sentence or not sentence.endswith((".", "~$."))] == []
