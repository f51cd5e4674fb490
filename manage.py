#!/usr/bin/env python
"""Trellis's command line. The settings follow from the command; DJANGO_SETTINGS_MODULE overrules them."""

import os
import sys

SETTINGS = {"demo": "demo", "bench": "bench", "rehearse": "rehearsal", "check_all": "test", "catalogue": "test"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"config.settings.{SETTINGS.get(command, 'production')}")
    from config import commands

    commands.run(sys.argv)


if __name__ == "__main__":
    main()
