"""Character sets of text files, told from the bytes."""

from __future__ import annotations

import codecs
import io
import zlib

from warehouse.errors import RadarError
from warehouse.landing.rows import Opener

# In the order of trial; GB18030 accepts most byte strings, so it comes after UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")
CHUNK = 1 << 20


def encoding_of(opened: Opener, file_name: str) -> str:
    """The first known character set in which the whole file decodes.

    Raises:
        RadarError: there is none, the file is empty, or its compression is damaged.
    """
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        empty = True
        try:
            with opened() as file:
                while chunk := file.read(CHUNK):
                    empty = empty and not chunk.strip()
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except (EOFError, zlib.error) as error:
            raise RadarError(f"{file_name}: the compressed file is damaged or cut off") from error
        if empty:
            raise RadarError(f"{file_name}: empty file")
        return encoding
    raise RadarError(f"{file_name}: neither UTF-8 nor GB18030 text (wrong encoding)")


def text_of(opened: Opener, encoding: str) -> io.TextIOWrapper:
    """The file as text, line ends as they are."""
    return io.TextIOWrapper(opened(), encoding=encoding, newline="")
