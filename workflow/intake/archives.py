"""What a file really is, and whether a workbook may be unpacked at all: judged before one byte of it is."""

from __future__ import annotations

import io
import zipfile

from domain.errors import Refused
from domain.text import Text, text

MOST_BYTES = 200_000_000
_SMALL_PART = 1_000_000
_MOST_RATIO = 100
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0"

_NOT_TABLES = (
    (b"%PDF", text("{file} is a PDF. Ask for the list as a workbook (.xlsx) or as CSV UTF-8.")),
    (b"{\\rtf", text("{file} is a text document (RTF). Ask for the list as a workbook (.xlsx) or as CSV UTF-8.")),
)
_WEB_PAGE = text("{file} is a web page, whatever its name says. Open it in a spreadsheet and save it as .xlsx.")
_XML_FILE = text("{file} is an XML file, whatever its name says. Open it in a spreadsheet and save it as .xlsx.")
_OTHER_ARCHIVES = {
    "content.xml": text("{file} is an OpenDocument file. Save it as .xlsx or as CSV UTF-8."),
    "word/document.xml": text("{file} is a Word document. Ask for the list as a workbook (.xlsx) or as CSV UTF-8."),
    "xl/workbook.bin": text("{file} is a binary workbook (.xlsb). Save it as .xlsx."),
}
_DAMAGED = text("{file} is damaged: it cannot be unpacked as a workbook (.xlsx). Save it again and send it anew.")
_NO_WORKBOOK = text("{file} is an archive without a workbook in it. Ask for the list as .xlsx or as CSV UTF-8.")


def is_archive(data: bytes) -> bool:
    """Whether the content is an archive, as every .xlsx is."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def refuse_other_kinds(data: bytes, file: str) -> None:
    """Raise Refused for a file that is neither a workbook nor text in rows, naming what it is."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Refused(text("{file} is protected by a password. Remove the password and save it again.", file=file))
        raise Refused(text("{file} is an old workbook (.xls). Open it and save it as .xlsx.", file=file))
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")) or b"<html" in start:
        raise refused(_WEB_PAGE, file)
    if start.startswith(b"<?xml"):
        raise refused(_XML_FILE, file)
    for magic, sentence in _NOT_TABLES:
        if data.startswith(magic):
            raise refused(sentence, file)


def open_archive(data: bytes, file: str) -> zipfile.ZipFile:
    """The archive of a workbook, if what it declares is safe to unpack.

    Raises Refused for a damaged or encrypted archive, for one that is no workbook, and for one that would
    unpack to more than 200 MB or has a large part packed tighter than 100 to 1. A part never unpacks to more
    than it declares.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise refused(_DAMAGED, file) from error
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MOST_BYTES or any(_too_tight(part) for part in parts):
        raise Refused(
            text(
                "{file} would unpack to far more than a list of workers needs ({megabytes} MB); it was not opened. "
                "Copy the rows into a new workbook and save that.",
                file=file,
                megabytes=sum(part.file_size for part in parts) // 1_000_000,
            )
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(text("{file} is protected by a password. Remove the password and save it again.", file=file))
    names = set(archive.namelist())
    for name, sentence in _OTHER_ARCHIVES.items():
        if name in names:
            raise refused(sentence, file)
    if not any(name.endswith("workbook.xml") for name in names):
        raise refused(_NO_WORKBOOK, file)
    return archive


def refused(sentence: Text, file: str) -> Refused:
    """A refusal whose sentence has one hole, the name of the file."""
    return Refused(sentence._replace(values={"file": file}))


def _too_tight(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL_PART and part.file_size > _MOST_RATIO * part.compress_size
