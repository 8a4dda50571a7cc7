"""How bad a complaint is: what names harm, unless it is denied, feared, only possible or meant otherwise (`severity.yml`)."""

from features.severity.judging import Severity, judge_severity
from features.severity.words import SEVERE

__all__ = ["SEVERE", "Severity", "judge_severity"]
