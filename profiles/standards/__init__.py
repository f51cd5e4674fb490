"""Named standards in and out: OneRoster bundles, CASE packages, results by CSV. Bytes become dataclasses and back.

Nothing here knows a model or the database. Every reader returns what could be read together with its `Problem`s and
raises nothing: where one of them is ``blocking``, nothing of the file may be applied.
"""
