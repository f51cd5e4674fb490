"""What people read when a roster, a framework or results cannot be used: one sentence for each code."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES: dict[str, str] = {
    # the file as a whole
    "empty": gettext_noop("This file is empty. Export it again where it was made, and upload that."),
    "too_big": gettext_noop("This file is larger than %(megabytes)s MB. Export it again with less in it."),
    "binary": gettext_noop("This is not a text file. Export it again as CSV, in UTF-8."),
    "encoding": gettext_noop("The letters of this file cannot be made out. Save it in UTF-8."),
    "encoding_guessed": gettext_noop(
        "This file is not in UTF-8, so it was read as %(encoding)s. Check names with accents before you go on."
    ),
    "separator": gettext_noop("The columns of this file are parted by “%(separator)s” where the standard has commas."),
    # the archive
    "not_zip": gettext_noop("This is not a zip archive. Upload the zip that your student information system exports."),
    "damaged": gettext_noop(
        "This zip archive is damaged or was cut off on its way. Download it again, and upload that."
    ),
    "encrypted": gettext_noop("This zip archive is locked by a password. Make one without a password."),
    "paths": gettext_noop(
        "This archive names places outside itself, which no roster needs. Export the roster again where it was made."
    ),
    "folder": gettext_noop("“%(name)s” lies in a folder. Zip the CSV files themselves, not the folder they are in."),
    "members": gettext_noop("This archive holds more than %(most)s files. Zip only the CSV files of the roster."),
    "unpacked": gettext_noop("Unpacked, this archive is far too large for a roster. Zip only its CSV files."),
    "other_file": gettext_noop("This file is no part of a roster as it is read here, so it was passed over."),
    # the manifest
    "no_manifest": gettext_noop(
        "This archive has no manifest.csv, so nobody can tell whether its files are complete or hold only changes. "
        "Export it again as OneRoster 1.1 or 1.2 CSV with its manifest."
    ),
    "version": gettext_noop(
        "The manifest says OneRoster %(found)s; only %(allowed)s can be read. Export the roster in one of these."
    ),
    "no_version": gettext_noop("The manifest has no line oneroster.version. It must say %(allowed)s."),
    "manifest_twice": gettext_noop("The manifest says %(name)s twice. Keep one of the two lines."),
    "mode": gettext_noop("The manifest says “%(found)s” for this file. It must say %(allowed)s."),
    "mode_missing": gettext_noop(
        "This file is in the archive, but the manifest does not say whether it is bulk or delta. "
        "Add a line %(name)s to the manifest, or take the file out."
    ),
    "mode_absent": gettext_noop(
        "The manifest says that this file is absent, yet it is in the archive. Say bulk or delta, or take the file out."
    ),
    "file_missing": gettext_noop(
        "The manifest says %(mode)s for this file, but it is not in the archive. Add the file, or say absent."
    ),
    # a table
    "heading_missing": gettext_noop(
        "This column is missing, and without it the file cannot be used. Export it again with it."
    ),
    "heading_twice": gettext_noop("Two columns have this heading. Keep one of them."),
    "heading_unknown": gettext_noop("This column is not part of the standard, so it was passed over."),
    "quotes": gettext_noop(
        "The quotation marks do not match from this line on, or the file was cut off here. Export the file again."
    ),
    "cells_few": gettext_noop(
        "This line has %(found)s cells where the heading has %(expected)s; perhaps the file was cut off here. "
        "Export it again."
    ),
    "cells_many": gettext_noop(
        "This line has %(found)s cells where the heading has %(expected)s. Put quotation marks round text with commas."
    ),
    "rows": gettext_noop("There are more than %(most)s rows. Export fewer at a time."),
    "cell_long": gettext_noop("This cell holds more than %(most)s characters. Shorten it."),
    # a cell
    "cell_empty": gettext_noop("This cell is empty, and without it the line cannot be used. Fill it in."),
    "value_unknown": gettext_noop("“%(found)s” is not known here. Allowed are %(allowed)s."),
    "date": gettext_noop("“%(found)s” is not a date. Write year, month and day as 2020-03-02."),
    "date_impossible": gettext_noop("There is no day %(found)s. Write the day that is meant."),
    "date_future": gettext_noop("%(found)s has not come yet. Write the day that is meant."),
    "date_ancient": gettext_noop("%(found)s is too long ago. Write the day that is meant."),
    "dates_turned": gettext_noop("This day, %(last)s, is before the first, %(first)s. Turn them round, or mend one."),
    "time": gettext_noop(
        "“%(found)s” is not a moment as the standard writes it (2020-03-02T08:00:00Z), so it was passed over."
    ),
    "year": gettext_noop("“%(found)s” is not a year. Write four digits, as 2020."),
    "number": gettext_noop("“%(found)s” is not a number. Write digits, with a point before decimals."),
    "number_range": gettext_noop("%(found)s is not between %(least)s and %(most)s. Mend the number."),
    # a roster
    "id_twice": gettext_noop("%(id)s is already used in line %(first)s. Every line of a file needs an id of its own."),
    "dangling": gettext_noop("%(id)s is not in %(other)s. Add it there, or take it out here."),
    "dangling_deleted": gettext_noop(
        "%(id)s is marked “tobedeleted” in %(other)s. Mark this line so too, or keep that one."
    ),
    "own_parent": gettext_noop("%(id)s stands above itself. Name another parent, or none."),
    "roster_limits": gettext_noop(
        "This file took more time or memory than a roster may. Export fewer schools at a time."
    ),
    "dangling_here": gettext_noop(
        "%(id)s is neither in %(other)s nor known here from an earlier roster. Send the full list first."
    ),
    "class_nowhere": gettext_noop("This class is at no school: %(id)s is a district. Name the school it is at."),
    "enrolled_twice": gettext_noop(
        "The same person is in the same class twice, here and in line %(first)s, both without an end. Keep one."
    ),
    "student_unknown": gettext_noop(
        "%(id)s is no student here, neither by id nor by sign-in name, so it was passed over."
    ),
    "absence_count_only": gettext_noop(
        "This line says how many days but not which, so it was passed over. Export the days with their dates."
    ),
    "no_school_day": gettext_noop("%(day)s is no school day here, so it was passed over."),
    "no_role": gettext_noop("This person has no role in roles.csv, so they are known by name only."),
    "agent_unclear": gettext_noop("Neither %(id)s nor this person is a student, so this family link was passed over."),
    # a framework
    "json": gettext_noop("This is not JSON from here on, or the file was cut off. Export the framework again."),
    "json_deep": gettext_noop(
        "This file is nested deeper than any framework. Export the framework again as CASE JSON."
    ),
    "json_number": gettext_noop("“%(found)s” is not a number that can be kept. Mend it, or take it out."),
    "json_twice": gettext_noop("The name “%(found)s” stands twice in one place. Keep one of the two."),
    "not_case": gettext_noop("This is not a CASE package: it has no CFDocument. Export the framework as CASE JSON."),
    "json_kind": gettext_noop("This should be %(expected)s. Export the framework again as CASE JSON."),
    "json_most": gettext_noop("There are more than %(most)s of these. Export a smaller framework."),
    "json_needed": gettext_noop("This is missing or empty, and cannot be done without. Fill it in."),
    "json_passed": gettext_noop("“%(found)s” cannot be read here, so it was passed over."),
    "identifier_twice": gettext_noop("%(id)s is already used at %(first)s. Every one needs an identifier of its own."),
    "end_missing": gettext_noop(
        "%(id)s, which this %(type)s points to, is not in the file, so the link leads nowhere for now."
    ),
    "parent_second": gettext_noop("%(code)s already stands under %(parent)s; this second place is not shown."),
    "parent_loop": gettext_noop("%(codes)s stand under one another in a circle. Take one of these links out."),
    # results
    "not_results": gettext_noop(
        "The headings fit neither results by item (%(items)s) nor by objective (%(objectives)s). Use those of one."
    ),
    "absence_when": gettext_noop("Nothing says when or how long. Fill in date, from and to, or days."),
    "twice": gettext_noop("This line says the same as line %(first)s, so it was passed over."),
}
