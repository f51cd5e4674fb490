"""A photo from a phone: JPEG or PNG by what is in it, not by its name; without place, time and other people's notes.

Formats: JPEG (ITU-T T.81, annex B: markers and segments), PNG (ISO/IEC 15948: signature and chunks). The picture itself
is never decoded here.
"""

from __future__ import annotations

import struct

from django.utils.translation import gettext as _

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 40_000_000
PNG = b"\x89PNG\r\n\x1a\n"
PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"cHRM"}
FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
"""Markers of the segment that tells a JPEG's height and width."""


class BadPhotoError(ValueError):
    """Why a photo is not taken, in words."""


def clean_photo(data: bytes) -> tuple[bytes, str]:
    """The photo without what it tells besides the picture, and its media type. Raises `BadPhotoError`."""
    if len(data) > MOST_BYTES:
        raise BadPhotoError(_("That photo is larger than 2 MB. Take it smaller, or send a part of it."))
    try:
        if data.startswith(PNG):
            return _clean_png(data), "image/png"
        if data.startswith(b"\xff\xd8\xff"):
            return _clean_jpeg(data), "image/jpeg"
    except (struct.error, IndexError):
        pass
    raise BadPhotoError(_("That is not a photo Trellis can show. It takes JPEG and PNG."))


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise BadPhotoError(_("That photo has too many dots. Take it smaller, or send a part of it."))


def _clean_png(data: bytes) -> bytes:
    kept, at, ended = [PNG], len(PNG), False
    while at < len(data) and not ended:
        length, name = struct.unpack_from(">I4s", data, at)
        whole = data[at : at + 12 + length]
        if len(whole) < 12 + length or (len(kept) == 1 and name != b"IHDR"):
            raise IndexError
        if name == b"IHDR":
            _check_size(*struct.unpack_from(">II", whole, 8))
        if name in PNG_KEPT:
            kept.append(whole)
        at, ended = at + 12 + length, name == b"IEND"
    if not ended:
        raise IndexError
    return b"".join(kept)


def _clean_jpeg(data: bytes) -> bytes:
    """Without application segments but JFIF's and Adobe's (which say how to read the colors), and without comments."""
    kept, at, sized = [data[:2]], 2, False
    while True:
        if data[at] != 0xFF:
            raise IndexError
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            raise IndexError
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            _check_size(width, height)
            sized = True
        if marker == 0xDA:
            break
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE0, 0xEE):
            kept.append(segment)
        at += 2 + length
    if not sized:
        raise IndexError
    return b"".join([*kept, data[at:]])
