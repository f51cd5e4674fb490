"""The process that reads or writes one file: ``run read``, ``run html`` or ``run write`` over stdin and stdout.

It sets its own limits before it looks at a byte. Exit 0: the result is on stdout (JSON tables; the written file).
Exit 3: stdout is the JSON of a Trouble. Anything else: it was stopped.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from typing import Any

from . import caps
from .tally import Trouble

TROUBLE_EXIT = 3
XML_ERR_NO_MEMORY = 2  # libxml2's, as lxml's errors carry it
NICENESS = 10  # of reading: pages of other people come first; whoever downloads is waiting for a page


def set_limits(address_bytes: int, file_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (address_bytes, address_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (caps.MAX_SECONDS, caps.MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))  # pipes are not files


def read(data: bytes) -> bytes:
    from .package import office_kind, open_package

    archive = open_package(data)
    if office_kind(archive) == "xlsx":
        from .xlsx import read_tables
    else:
        from .docx import read_tables
    return _as_json(read_tables(data, archive))


def html(data: bytes) -> bytes:
    from .webpage import read_tables

    return _as_json(read_tables(data.decode("utf-8", "replace")))


def write(data: bytes) -> bytes:
    order: dict[str, Any] = json.loads(data)
    if order["kind"] == "xlsx":
        from .xlsx import write_document
    elif order["kind"] == "docx":
        from .docx import write_document
    else:
        from .pdf import write_document
    return write_document(order["document"])


def _as_json(tables: list[Any]) -> bytes:
    return json.dumps([table.as_json() for table in tables], ensure_ascii=False, separators=(",", ":")).encode()


def lighten() -> None:
    """Keep out openpyxl's optional friends: slow to import, greedy for address space, and needed for nothing here."""
    sys.modules.update({"numpy": None, "PIL": None, "pandas": None})  # type: ignore[dict-item]


def main() -> None:
    lighten()
    work = {"read": read, "html": html, "write": write}[sys.argv[-1]]
    if work is write:
        set_limits(caps.MAX_WRITER_BYTES, caps.MAX_UNPACKED_BYTES)  # openpyxl writes a sheet to a temporary file first
    else:
        set_limits(caps.MAX_READER_BYTES, 0)
        os.nice(NICENESS)
    try:
        result, code = work(sys.stdin.buffer.read()), 0
    except Trouble as trouble:
        result, code = json.dumps(trouble.as_json()).encode(), TROUBLE_EXIT
    except (MemoryError, RecursionError):
        result, code = json.dumps(Trouble("memory").as_json()).encode(), TROUBLE_EXIT
    except Exception as error:
        # Whatever a parser makes of a hostile file, its person is told that the file is damaged. The log is told where
        # it broke, and not the message, which may quote the file.
        frames = traceback.extract_tb(error.__traceback__)
        sys.stderr.write(f"{type(error).__name__} at " + " < ".join(f"{f.filename}:{f.lineno}" for f in frames[:-4:-1]))
        out_of_memory = getattr(error, "code", None) == XML_ERR_NO_MEMORY
        result = json.dumps(Trouble("memory" if out_of_memory else "damaged").as_json()).encode()
        code = TROUBLE_EXIT
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    sys.stderr.flush()
    os._exit(code)  # no time spent on taking the parsers apart
