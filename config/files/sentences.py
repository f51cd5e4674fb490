"""What people read when a file cannot be read or written: one sentence for each code, saying what and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

SENTENCES = {
    # the file as a whole
    "empty": gettext_noop("This file is empty. Choose the file again, or save it once more where it was made."),
    "too_big": gettext_noop(
        "This file is larger than %(megabytes)s MB. Take out pictures, or save only the table in a new file."
    ),
    "paste_too_big": gettext_noop("That is too much to paste at once. Paste fewer rows, or upload the file itself."),
    "pdf": gettext_noop(
        "This is a PDF, which cannot be read back. Upload the Word, Excel or CSV file it was made from."
    ),
    "picture": gettext_noop("This is a picture, not a table. Upload a Word, Excel or CSV file."),
    "rtf": gettext_noop("This is a Rich Text file. Open it in Word and save it as a Word document (.docx)."),
    "old_word": gettext_noop(
        "This is a Word file in the format from before 2007. Open it in Word and save it as .docx."
    ),
    "old_excel": gettext_noop(
        "This is an Excel file in the format from before 2007. Open it in Excel and save it as .xlsx."
    ),
    "old_office": gettext_noop(
        "This file is in an Office format from before 2007. Open it there and save it as .docx or .xlsx."
    ),
    "encrypted": gettext_noop(
        "This file is protected by a password. Save a copy without the password and upload that."
    ),
    "lock_file": gettext_noop(
        "This is not the document but the small marker Word or Excel makes while it is open. "
        "Choose the file whose name does not begin with ~$."
    ),
    "binary_excel": gettext_noop("This is a binary Excel file (.xlsb). Save it as an Excel workbook (.xlsx)."),
    "strict": gettext_noop(
        "This file was saved as “Strict Open XML”. Save it as an ordinary Word document or Excel workbook."
    ),
    "opendocument": gettext_noop("This is an OpenDocument file. Save it as .docx, .xlsx or .csv and upload that."),
    "slides": gettext_noop("These are slides. Copy the table into Word or Excel, or paste it here."),
    "pages": gettext_noop(
        "This file is from Apple's Pages or Numbers. Export it as Word, Excel or CSV and upload that."
    ),
    "archive": gettext_noop("This is a zip archive. Unpack it and upload the Word, Excel or CSV file inside."),
    "unknown": gettext_noop("This is not a Word, Excel or CSV file. Save the table as one of these and upload that."),
    "encoding": gettext_noop("The letters of this file cannot be made out. Save it as “CSV UTF-8” and upload that."),
    "damaged": gettext_noop(
        "This file is damaged or incomplete. Open it where it was made, save it again, upload that."
    ),
    "no_table": gettext_noop("There is no table in this file. Put the rows in a table, or paste the text."),
    "nothing_pasted": gettext_noop("Nothing that can be read was pasted. Copy the rows again."),
    # caps
    "unpacked": gettext_noop("Unpacked, this file is too large. Save only the table in a new file."),
    "members": gettext_noop("This file has too many parts inside. Save only the table in a new file."),
    "paths": gettext_noop("This file has parts whose names point outside it. Save the table in a new file."),
    "dtd": gettext_noop(
        "This file contains definitions that office programs never write. Save the table in a new file."
    ),
    "tables": gettext_noop("This file has more than %(most)s tables. Save the ones you need in a new file."),
    "rows": gettext_noop(
        "There are more than %(most)s rows. Take out the rest, or split the table over several files."
    ),
    "columns": gettext_noop("There are more than %(most)s columns. Keep only the ones you need."),
    "cells": gettext_noop("There are more than %(most)s cells in this file. Keep only the table you need."),
    "cell_chars": gettext_noop("This cell holds more than %(most)s characters. Shorten it, or split it over rows."),
    "chars": gettext_noop("There is too much text in this file. Keep only the table you need."),
    "quote": gettext_noop("A quotation mark that opens a cell here is never closed. Close it, or save the file again."),
    "seconds": gettext_noop("This file took too long to read. Save only the table in a new file."),
    "memory": gettext_noop("This file needs too much memory to read. Save only the table in a new file."),
    "busy": gettext_noop("The site is reading other files right now. Try again in a moment."),
    # notes that do not stop the reading
    "formula": gettext_noop("This cell holds a formula without a saved result, so it is read as empty."),
    "hidden_sheet": gettext_noop("This sheet is hidden."),
    "dates": gettext_noop("The number formats of this file cannot be read, so dates in it may show as numbers."),
    # writing
    "characters": gettext_noop("The PDF cannot show %(characters)s. Take it out, or download the Word file instead."),
    "too_long": gettext_noop("This text is too long for a cell in Excel. Download the Word file instead."),
    "write_seconds": gettext_noop("This took too long to make. Download a smaller part, or as CSV."),
    "write_memory": gettext_noop("This is too large to make at once. Download a smaller part, or as CSV."),
    "write_failed": gettext_noop("This file could not be made. Download it in another format."),
}


def sentence(code: str, values: Mapping[str, str | int]) -> str:
    """The sentence for ``code`` in the language of whoever reads now."""
    return gettext(SENTENCES[code]) % values
