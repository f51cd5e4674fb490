"""What reads Word, Excel and pasted HTML and writes Word, Excel and PDF: Django-free, each run in a process of its own.

These modules import one another relatively and nothing else of the site, so that ``run`` can start them as the
top-level package ``office`` under ``python -I``. Nothing here writes sentences: it speaks in codes and JSON.
"""
