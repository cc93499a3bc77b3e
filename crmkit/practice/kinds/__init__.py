"""The kinds of answer: how each is read from whatever a learner passes, and how two are compared.

Every kind has the same four doors, described in :class:`crmkit.practice.question.Kind`. Reading is generous
about form (index or column, order, dtype, a one-cell table for a number) and says in a sentence what it
cannot read; comparing says in a sentence how the answer differs, without giving the answer away.
"""

from crmkit.practice.kinds.choice import Choice
from crmkit.practice.kinds.customers import Customers
from crmkit.practice.kinds.function import Function
from crmkit.practice.kinds.number import Number
from crmkit.practice.kinds.plan import Plan
from crmkit.practice.kinds.several import Several
from crmkit.practice.kinds.table import Table

__all__ = ["Choice", "Customers", "Function", "Number", "Plan", "Several", "Table"]
