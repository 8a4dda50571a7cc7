"""The one exception whose text an operator reads."""


class RadarError(Exception):
    """Something the user can mend. Its text is one clear line without personal data."""
