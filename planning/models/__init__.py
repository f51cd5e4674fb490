from .imports import TableImport
from .strategies import CellPresence, CellProposal, Responsibility, Strategy
from .tables import LastOwnerError, Outcome, StrategyTable, TableMember

__all__ = [
    "CellPresence",
    "CellProposal",
    "LastOwnerError",
    "Outcome",
    "Responsibility",
    "Strategy",
    "StrategyTable",
    "TableImport",
    "TableMember",
]
