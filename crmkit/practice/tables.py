"""The tables that a reference is computed from: the learner's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crmkit.companies import Company, company, from_params, shipped
from crmkit.errors import CrmkitError
from crmkit.practice.question import Prediction, Question, QuestionError

#: The other companies that lessons and questions ask about, and how many customers of each a student of a class gets.
OTHER_COMPANIES = {"beanline": 800, "strumwell": 3000}
#: Companies that are the same for everybody: lesson 66 lays them beside the learner's own.
SAME_FOR_ALL = ("tarnwald", "brennick")


class OwnTables:
    """Give a question its learner's tables, each read once, each time as a fresh copy.

    Parameters
    ----------
    load, load_truth
        From a table's name to a data frame. :meth:`here` and :meth:`of_world` make the usual two.
    about
        Gives the company whose tables they are.
    other
        From another company's short name to its tables; by default those that ship.

    Examples
    --------
    >>> own = OwnTables(lambda name: pd.DataFrame({"customer_id": [1, 2]}), lambda name: pd.DataFrame())
    >>> len(own.load("customers"))
    2
    """

    def __init__(
        self,
        load: Callable[[str], pd.DataFrame],
        load_truth: Callable[[str], pd.DataFrame],
        about: Callable[[], Company] = lambda: shipped("fernwell"),
        other: Callable[[str], OwnTables] | None = None,
    ) -> None:
        self._load = load
        self._load_truth = load_truth
        self._about = about
        self._other = other or OwnTables.here
        self._others: dict[str, OwnTables] = {}
        self._kept: dict[tuple[str, str], pd.DataFrame] = {}
        self._allowed_truth: tuple[str, ...] = ()
        # Canonical references and misconceptions by question id; some of them fit a model, which one does once.
        self.answers: dict[tuple[str, str], Any] = {}
        # What several questions build on (crmkit.practice.worked).
        self.worked: dict[Any, Any] = {}

    @classmethod
    def here(cls, folder: str | Path | None = None) -> OwnTables:
        """Tables as ``crmkit.load`` finds them, or those in `folder`."""
        from crmkit.data.load import load, load_truth

        return cls(
            lambda name: load(name, data=folder),
            lambda name: load_truth(name, data=folder),
            lambda: company(folder),
            lambda name: cls.here(_beside(folder, name)),
        )

    @classmethod
    def of_world(cls, world: Any) -> OwnTables:
        """Tables of a simulated world, without a detour through files."""
        made = cls.of_frames(world.tables, world.truth)
        made._about = lambda: from_params(world.params, world.tables)
        made._other = lambda name: (
            cls.here(name)
            if name in SAME_FOR_ALL
            else cls.of_world(_second_world(name, world.seed))
        )
        return made

    @classmethod
    def of_frames(
        cls, tables: Mapping[str, pd.DataFrame], truth: Mapping[str, pd.DataFrame] | None = None
    ) -> OwnTables:
        """Tables that are at hand already, by name."""

        def find(where: Mapping[str, pd.DataFrame], what: str, name: str) -> pd.DataFrame:
            if name not in where:
                raise QuestionError(f"There is no {what} {name!r}; there are {', '.join(where)}.")
            return where[name]

        return cls(
            lambda name: find(tables, "table", name),
            lambda name: find(truth or {}, "truth table", name),
        )

    @property
    def company(self) -> Company:
        """The company whose tables they are; the course's own where no tables are found."""
        try:
            return self._about()
        except CrmkitError:
            return shipped("fernwell")

    def _get(self, what: str, name: str, load: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
        if (what, name) not in self._kept:
            self._kept[what, name] = load(name)
        return self._kept[what, name].copy()

    def load(self, name: str) -> pd.DataFrame:
        """Give the table `name`."""
        return self._get("table", name, self._load)

    def load_truth(self, name: str) -> pd.DataFrame:
        """Give the truth table `name`, which the question must have named.

        Raises
        ------
        QuestionError
            If the question does not list the table in `truth`: a learner must be able to see what a check uses.
        """
        if name not in self._allowed_truth:
            raise QuestionError(
                f"The truth table {name!r} is not in this question's `truth`: list it there if the lesson shows it."
            )
        return self._get("truth", name, self._load_truth)

    def other(self, company_name: str) -> OwnTables:
        """Give the tables of another company, as ``crmkit.load(name, data="beanline")`` finds them."""
        if company_name not in self._others:
            self._others[company_name] = self._other(company_name)
        # The truth that the lesson shows of one company it shows of the other.
        return self._others[company_name].for_question(self._allowed_truth)

    def forget(self) -> None:
        """Let the tables go; the answers that were computed from them stay."""
        self._kept.clear()
        self.worked.clear()

    def of(self, asked: Question | Prediction) -> OwnTables:
        """Give the tables that a question or a prediction is about, with the truth that it names allowed."""
        own = self.other(asked.company) if asked.company else self
        return own.for_question(asked.truth)

    def for_question(self, truth: tuple[str, ...]) -> OwnTables:
        """Give the same tables with these truth tables allowed; what was read stays read."""
        twin = OwnTables(self._load, self._load_truth, self._about, self._other)
        twin._kept, twin.answers, twin._others = self._kept, self.answers, self._others
        twin.worked = self.worked
        twin._allowed_truth = tuple(truth)
        return twin


def _beside(folder: str | Path | None, name: str) -> str | Path:
    """Give the folder of another company beside a student's own; its name where there is none."""
    if folder is not None and (Path(folder).parent / name / "datapackage.json").is_file():
        return Path(folder).parent / name
    return name


def _second_world(name: str, seed: int) -> Any:
    from crmkit.world import simulate

    return simulate(name, customers=OTHER_COMPANIES[name], seed=seed, progress=False)
