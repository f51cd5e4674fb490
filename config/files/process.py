"""Runs one office process: takes a turn among the few that may run at once, hands over bytes, takes bytes back."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from .office import caps
from .office.run import TROUBLE_EXIT

logger = logging.getLogger(__name__)

HERE = Path(__file__).parent
# Isolated: no environment variable, no current folder; only this package's folder joins the path.
COMMAND = "import sys; sys.path.append(sys.argv[1]); from office.run import main; main()"
# A turn is a lock on one of these. They are files of our own because every process of the site has them, whoever it
# runs as; the office process inherits the lock, so a turn lasts exactly as long as the work.
TURNS = (HERE / "office" / "run.py", HERE / "office" / "caps.py")
WAIT_STEP_SECONDS = 0.02


class OfficeError(Exception):
    """What the process said: a code and where, as `office.tally.Trouble` has them."""

    def __init__(self, code: str, said: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code, self.said = code, said or {}


def run(work: Literal["read", "html", "write"], data: bytes) -> bytes:
    """What the office process made of ``data``. Raises OfficeError: its trouble, or busy, seconds, memory."""
    with _turn() as turn:
        process = subprocess.Popen(
            [sys.executable, "-I", "-W", "ignore", "-c", COMMAND, str(HERE), work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(turn,),
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        )
        try:
            out, err = process.communicate(data, timeout=caps.MAX_SECONDS)
        except subprocess.TimeoutExpired:
            raise OfficeError("seconds") from None
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
    if err:
        logger.warning("Office process (%s): %s", work, err.decode("utf-8", "replace")[:500])
    if process.returncode == 0:
        return out
    if process.returncode == TROUBLE_EXIT:
        said = json.loads(out)
        raise OfficeError(said["code"], said)
    # The kernel ends a process at its processor-time limit by signal; a parser that gets no memory aborts.
    by_time = process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    raise OfficeError("seconds" if by_time else "memory")


@contextlib.contextmanager
def _turn() -> Iterator[int]:
    """A file descriptor holding the lock; OfficeError "busy" when none came free in time."""
    deadline = time.monotonic() + caps.MAX_WAIT_SECONDS
    handles = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in TURNS[: caps.MAX_AT_ONCE]]
    try:
        while True:
            for handle in handles:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield handle
                return
            if time.monotonic() > deadline:
                raise OfficeError("busy")
            time.sleep(WAIT_STEP_SECONDS)
    finally:
        for handle in handles:
            os.close(handle)
