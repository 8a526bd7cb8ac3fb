"""Campaigns, the reports they ask for, the numbers in them, and the figures made of these."""

from .answer import AnswerLine, Confirmation, ReportVersion
from .campaign import Campaign, MunicipalAddress
from .figure import Figure
from .report import Report

__all__ = ["AnswerLine", "Campaign", "Confirmation", "Figure", "MunicipalAddress", "Report", "ReportVersion"]
