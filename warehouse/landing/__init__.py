"""Landing files: finding them, knowing them by content, reading their rows as they are."""

from warehouse.landing.files import SUFFIXES, LandingFile, find_files
from warehouse.landing.rows import SHEET, Row, Sheet

__all__ = ["SHEET", "SUFFIXES", "LandingFile", "Row", "Sheet", "find_files"]
