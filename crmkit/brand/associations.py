"""Semantic memory: category + word = brand.

Which brand comes to mind for a word, who shares the word, and which word is worth owning.

The business problem: a brand lives in memory as links to words ("something for the weekend's repair", "tools that
last"). A buyer who thinks of the word gets the brand with the strongest link, unless a rival is linked to the same
word: the more alike the brands, the more they get in each other's way (interference).

The tracker asks every respondent which words go with each brand that they know. Everything here begins with the
long table of these links (`expand_links`): one row per respondent, brand and word linked.

Sources: ratio rule of retrieval and products of cues: Raaijmakers & Shiffrin (1981) Psychological Review 88 (SAM).
Fan effect: Anderson (1974) Cognitive Psychology 6. Interference between advertisements: Burke & Srull (1988)
Journal of Consumer Research 15; Keller (1987) ibid. 14.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmkit.brand._check import Floats, need_brand, need_strengths, need_values, people_asked
from crmkit.errors import CrmkitError
from crmkit.inference import Estimate, percentile_interval, ratio_interval, wilson
from crmkit.inputs import first_few, need_columns


def expand_links(answers: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """The tracker's compact links ("ADG") as one row per respondent, brand and word.

    Parameters
    ----------
    answers
        respondent_id, brand, links (letters of the words linked; empty or missing for none).
    words
        letter, word.

    Returns
    -------
    DataFrame
        respondent_id, brand, word (categories in the order of `words`), one row per link.

    Raises
    ------
    CrmkitError
        If a letter is not in `words`, or is there twice.

    Examples
    --------
    >>> answers = pd.DataFrame({"respondent_id": [1, 1], "brand": ["Fernwell", "Toolmere"], "links": ["AB", None]})
    >>> words = pd.DataFrame({"letter": ["A", "B"], "word": ["repair", "garden"]})
    >>> expand_links(answers, words).word.tolist()
    ['repair', 'garden']
    """
    need_columns(answers, ("respondent_id", "brand", "links"), "answers")
    need_columns(words, ("letter", "word"), "words")
    twice = words.loc[words["letter"].duplicated(), "letter"]
    if len(twice):
        raise CrmkitError(
            f"`words` explains the letter {twice.iloc[0]} twice: each needs one word."
        )
    told = answers.loc[
        answers["links"].notna() & (answers["links"] != ""), ["respondent_id", "brand", "links"]
    ]
    long = told.assign(letter=told["links"].map(list)).explode("letter")
    unknown = sorted(set(long["letter"].dropna()) - set(words["letter"]))
    if unknown:
        raise CrmkitError(
            f"Column 'links' holds letters that `words` does not explain: {', '.join(unknown[:5])}."
        )
    names = words.set_index("letter")["word"]
    word = pd.Categorical(long["letter"].map(names), categories=words["word"])
    return long[["respondent_id", "brand"]].assign(word=word).reset_index(drop=True)


def link_shares(
    links: pd.DataFrame, respondents: int | pd.DataFrame, brands: Sequence[str] | None = None
) -> pd.DataFrame:
    """How many of all respondents link each brand with each word.

    Parameters
    ----------
    links
        From `expand_links`.
    respondents
        How many people were asked (also those who linked nothing), or the table of them.
    brands
        Brands to list, also such as nobody links; those in `links` unless given.

    Returns
    -------
    DataFrame
        brand, word, linked (people), share (0 to 1), low, high (95 %, Wilson). Pairs that nobody links are there
        with 0.

    Raises
    ------
    CrmkitError
        If nobody was asked, or fewer people than appear in `links`.
    """
    need_columns(links, ("respondent_id", "brand", "word"), "links")
    asked = people_asked(respondents, links)
    order = list(brands) if brands is not None else sorted(links["brand"].unique())
    table = links_matrix(links, order)
    long = table.stack().rename("linked").reset_index()
    long["share"] = long["linked"] / asked
    long["low"], long["high"] = wilson(long["linked"], asked)
    return long


def links_matrix(links: pd.DataFrame, brands: Sequence[str] | None = None) -> pd.DataFrame:
    """Number of respondents who link brand (rows) and word (columns)."""
    need_columns(links, ("respondent_id", "brand", "word"), "links")
    order = list(brands) if brands is not None else sorted(links["brand"].unique())
    words = (
        list(links["word"].cat.categories)
        if isinstance(links["word"].dtype, pd.CategoricalDtype)
        else sorted(links["word"].unique())
    )
    table = (
        links.drop_duplicates(["respondent_id", "brand", "word"])
        .groupby(["brand", "word"], observed=False)
        .size()
        .unstack(fill_value=0)
    )
    return table.reindex(
        index=pd.Index(order, name="brand"), columns=pd.Index(words, name="word"), fill_value=0
    ).astype(int)


def retrieval(
    links: pd.DataFrame, brands: Sequence[str] | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Ratio rule: of all links that a word calls up, the share that goes to each brand.

    With one word as the cue, the chance that a brand is the one that comes to mind is its strength divided by the
    strengths of all brands linked to the word (Raaijmakers & Shiffrin 1981).

    Parameters
    ----------
    links
        From `expand_links`.
    brands
        Brands to list.

    Returns
    -------
    DataFrame
        word, brand, linked (people), retrieval (0 to 1), low, high. For a word that nobody links, retrieval and
        its limits are NaN: nothing comes to mind.

    Notes
    -----
    One person's links to several brands hang together, so the interval treats persons, not links, as the sample
    (linearised ratio of two sums, on the logit scale so that it stays between 0 and 1; `crmkit.inference`).

    Examples
    --------
    >>> links = pd.DataFrame({"respondent_id": [1, 2, 2], "brand": ["A", "A", "B"], "word": ["repair"] * 3})
    >>> retrieval(links).retrieval.round(2).tolist()
    [0.67, 0.33]
    """
    need_columns(links, ("respondent_id", "brand", "word"), "links")
    table = links_matrix(links, brands)
    unique = links.drop_duplicates(["respondent_id", "brand", "word"])
    rows = []
    for word in table.columns:
        made = unique[(unique["word"] == word) & unique["respondent_id"].notna()]
        person, people = pd.factorize(made["respondent_id"], sort=True)
        size = np.bincount(person, minlength=len(people)).astype(float)
        for brand in table.index:
            count = int(table.loc[brand, word])
            hit = np.zeros(len(people))
            hit[person[(made["brand"] == brand).to_numpy(dtype=bool)]] = 1.0
            found = (
                ratio_interval(hit, size, level=level) if len(size) else (np.nan, np.nan, np.nan)
            )
            rows.append((word, brand, count, *found))
    return pd.DataFrame(rows, columns=["word", "brand", "linked", "retrieval", "low", "high"])


def recall_from_cues(strengths: pd.DataFrame, cues: Sequence[str]) -> pd.Series:
    """Which brand comes to mind when several words are thought of at once.

    Strengths to the single cues are multiplied, then shared out by the ratio rule: a brand must hang together with
    *all* of them.

    Parameters
    ----------
    strengths
        Brand (rows) by word (columns), 0 or more.
    cues
        Words thought of.

    Returns
    -------
    Series of probabilities by brand (all NaN if no brand is linked to all cues).

    Raises
    ------
    CrmkitError
        For a word that is not in the table, or no word at all.

    Examples
    --------
    >>> strengths = pd.DataFrame({"repair": [0.4, 0.4], "lasting": [0.3, 0.1]}, index=["Oakwright", "Fernwell"])
    >>> recall_from_cues(strengths, ["repair", "lasting"]).round(2).to_dict()
    {'Oakwright': 0.75, 'Fernwell': 0.25}
    """
    unknown = [cue for cue in cues if cue not in strengths.columns]
    if unknown or not len(cues):
        raise CrmkitError(
            f"No such word: {', '.join(unknown) or '(none given)'}. The table knows: "
            f"{', '.join(map(str, strengths.columns))}."
        )
    product = need_strengths(strengths[list(cues)]).prod(axis=1)
    return (product / product.sum() if product.sum() > 0 else product * np.nan).rename("retrieval")


def profile_similarity(strengths: pd.DataFrame) -> pd.DataFrame:
    """Tell how alike two brands' words are: cosine of their rows.

    0 is nothing shared, 1 the same profile, whatever the size.
    A brand that nobody links to anything has no profile: its row is NaN.

    Raises
    ------
    CrmkitError
        A link that is no number, missing or below 0.

    Examples
    --------
    >>> strengths = pd.DataFrame({"a": [2, 1, 0], "b": [0, 0, 3]}, index=["X", "Y", "Z"])
    >>> profile_similarity(strengths).loc["X"].tolist()
    [1.0, 1.0, 0.0]
    """
    table = need_strengths(strengths).to_numpy()
    length = np.linalg.norm(table, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (table @ table.T) / (length[:, None] * length[None, :])
    return pd.DataFrame(cosine, index=strengths.index, columns=strengths.index)


def distinctiveness(strengths: pd.DataFrame) -> pd.DataFrame:
    """How far each brand's words stand apart from its nearest rival's.

    Parameters
    ----------
    strengths
        Brand by word.

    Returns
    -------
    DataFrame, index brand
        nearest (the rival with the most similar profile), similarity (0 to 1), distinctiveness (1 - similarity).

    Raises
    ------
    CrmkitError
        With fewer than two brands: alone, one cannot stand out.
    """
    if len(strengths) < 2:
        raise CrmkitError(
            "Distinctiveness compares a brand with its rivals: give two brands at least."
        )
    alike = profile_similarity(strengths)
    rows = []
    for brand in alike.index:
        others = alike.loc[brand].drop(brand)
        known = others.dropna()
        nearest = known.idxmax() if len(known) else None
        rows.append((brand, nearest, known.max() if len(known) else np.nan))
    table = pd.DataFrame(rows, columns=["brand", "nearest", "similarity"]).set_index("brand")
    table["distinctiveness"] = 1 - table["similarity"]
    return table


def add_lookalike(
    strengths: pd.DataFrame,
    brand: str,
    similarity: float,
    strength: float = 1.0,
    name: str = "Lookalike",
) -> pd.DataFrame:
    """The same market with a rival that copies one brand's words.

    The lookalike's profile is a mix: `similarity` parts the brand's own profile, the rest spread evenly over all
    words. Its total strength is `strength` times the brand's.

    Parameters
    ----------
    strengths
        Brand by word.
    brand
        The brand copied.
    similarity
        0 (a new brand without a profile) to 1 (a perfect copy).
    strength
        Size of the lookalike against the brand, 0 or more.

    Returns
    -------
    DataFrame with one more row.

    Raises
    ------
    CrmkitError
        For an unknown brand, a similarity outside 0 to 1, a negative strength, or a name that is taken.
    """
    need_brand(brand, strengths)
    if name in strengths.index:
        raise CrmkitError(
            f"The table has a brand '{name}' already. Give the lookalike another name."
        )
    if not 0 <= similarity <= 1 or strength < 0:
        raise CrmkitError(
            f"Similarity lies between 0 and 1 and strength is not negative; got {similarity} and {strength}."
        )
    strengths = need_strengths(strengths)
    own = strengths.loc[brand]
    mixed = similarity * own + (1 - similarity) * own.mean()
    return pd.concat([strengths, (strength * mixed).rename(name).to_frame().T]).rename_axis(
        strengths.index.name
    )


def retrieval_matrix(strengths: pd.DataFrame) -> pd.DataFrame:
    """Apply the ratio rule to every word at once: each column divided by its sum (NaN for a word without links).

    Raises
    ------
    CrmkitError
        A link that is no number, missing or below 0.
    """
    strengths = need_strengths(strengths)
    total = strengths.sum(axis=0)
    return strengths.div(total.where(total > 0), axis=1)


def interference_cost(
    before: pd.DataFrame, after: pd.DataFrame, brand: str, value: pd.Series
) -> pd.DataFrame:
    """What a change in the market costs a brand, word by word.

    Parameters
    ----------
    before, after
        Strengths, brand by word, without and with the change (see `add_lookalike` and `claim_word`).
    brand
        Whose cost.
    value
        £ a year that buyers spend who begin with the word, by word.

    Returns
    -------
    DataFrame, index word
        before, after (retrieval, 0 to 1), lost_points (percentage points), value (£ a year), cost (£ a year: value
        x points lost).

    Raises
    ------
    CrmkitError
        For a brand that is not in both tables, or a word without a value.
    """
    for market in (before, after):
        need_brand(brand, market)
    worth = need_values(value, before.columns)
    first, second = retrieval_matrix(before).loc[brand], retrieval_matrix(after).loc[brand]
    table = pd.DataFrame({"before": first, "after": second}).rename_axis("word")
    table["lost_points"] = (table["before"] - table["after"]) * 100
    table["value"] = worth.reindex(table.index)
    table["cost"] = table["value"] * (table["before"] - table["after"]).fillna(0.0)
    return table


def interference_cost_total(
    links: pd.DataFrame,
    people: pd.DataFrame,
    brand: str,
    value: pd.Series,
    by: str = "period",
    before: object = "before",
    after: object = "after",
    draws: int = 300,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate:
    """Give the whole of :func:`interference_cost` between two samples of people, with its interval.

    Parameters
    ----------
    links
        From `expand_links`, with the column `by`.
    people
        respondent_id and `by` of everybody asked, also those who linked nothing.
    brand, value
        As for `interference_cost`.
    by, before, after
        Column of the period, and the two periods.
    draws, seed
        Bootstrap samples: people, each with all their links, are drawn again within each period.
    level
        Of the interval.

    Returns
    -------
    Estimate
        estimate (£ a year), low, high.

    Raises
    ------
    CrmkitError
        If nobody was asked in one of the periods, or nobody linked the brand.
    """
    need_columns(links, ("respondent_id", "brand", "word", by), "links")
    need_columns(people, ("respondent_id", by), "people")
    unique = links.drop_duplicates(["respondent_id", "brand", "word"])
    shape = links_matrix(links)
    need_brand(brand, shape)
    worth = need_values(value, shape.columns).to_numpy()
    own = shape.index.get_loc(brand)
    rng = np.random.default_rng(seed)

    def shares(weight: Floats, person: npt.NDArray[np.intp], cell: npt.NDArray[np.intp]) -> Floats:
        table = np.bincount(cell, weights=weight[person], minlength=shape.size).reshape(shape.shape)
        total = table.sum(axis=0)
        return np.divide(table[own], total, out=np.full(len(total), np.nan), where=total > 0)

    found, clouds = [], []
    for period in (before, after):
        asked = people.loc[people[by] == period, "respondent_id"]
        if asked.empty:
            raise CrmkitError(
                f"Nobody belongs to {by} = {period!r}. There are: {first_few(people[by].dropna().unique(), 6)}."
            )
        theirs = unique[unique["respondent_id"].isin(asked)]
        person = pd.Index(asked).get_indexer(theirs["respondent_id"])
        cell = shape.index.get_indexer(theirs["brand"]) * shape.shape[1]
        cell = cell + shape.columns.get_indexer(theirs["word"].astype(object))
        found.append(shares(np.ones(len(asked)), person, cell))
        counts = rng.multinomial(len(asked), np.full(len(asked), 1 / len(asked)), size=draws)
        clouds.append(np.array([shares(row.astype(float), person, cell) for row in counts]))
    total = float(np.nansum(worth * (found[0] - found[1])))
    low, high = percentile_interval(np.nansum(worth * (clouds[0] - clouds[1]), axis=1), level=level)
    return Estimate(total, float(low), float(high))


def fan_share(fan: int, new: float = 1.0) -> float:
    """Share of a brand's activation that reaches one word when the brand is linked to `fan` equally strong words.

    Activation is shared out over all links (Anderson 1974): with one more claim each older one gets less. `new` is
    the size of the newest claim against each older one.

    Examples
    --------
    >>> fan_share(2), fan_share(4)
    (0.5, 0.25)
    """
    if not (fan >= 1 and new > 0):
        raise CrmkitError(
            "A brand with no word at all has no activation to share out: fan must be 1 or more, and the newest claim "
            "above 0."
        )
    return 1 / (fan - 1 + new)


def claim_word(strengths: pd.DataFrame, brand: str, word: str, share: float) -> pd.DataFrame:
    """The brand puts a share of its activation behind one word; all its other links lose in proportion (fan effect).

    Parameters
    ----------
    strengths
        Brand by word.
    brand, word
        Who claims what.
    share
        Share of the brand's total strength moved to the word, 0 to 1.

    Returns
    -------
    DataFrame, a copy; the brand's total strength is unchanged.

    Raises
    ------
    CrmkitError
        For an unknown brand or word, or a share outside 0 to 1.

    Examples
    --------
    >>> strengths = pd.DataFrame({"repair": [4.0], "garden": [0.0]}, index=["Fernwell"])
    >>> claim_word(strengths, "Fernwell", "garden", 0.25).loc["Fernwell"].tolist()
    [3.0, 1.0]
    """
    if brand not in strengths.index or word not in strengths.columns:
        raise CrmkitError(f"The table has no brand '{brand}' or no word '{word}'.")
    if not 0 <= share <= 1:
        raise CrmkitError(f"The share moved lies between 0 and 1; it is {share}.")
    table = need_strengths(strengths)
    total = table.loc[brand].sum()
    table.loc[brand] *= 1 - share
    table.loc[brand, word] += share * total
    return table


def words_to_own(
    links: pd.DataFrame,
    respondents: int | pd.DataFrame,
    brand: str,
    value: pd.Series,
    replicates: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Which word should be ours: strength x value x freedom from rivals.

    Parameters
    ----------
    links
        From `expand_links`.
    respondents
        How many people were asked (also those who linked nothing), or the table of them.
    brand
        Whose word.
    value
        £ a year that buyers spend who begin with the word, by word.
    replicates, seed
        Bootstrap samples of the people who gave links, for the interval and the chance of being first.

    Returns
    -------
    DataFrame, index word, best first
        strength (share of all respondents who link the brand with it), freedom (1 - the strongest rival's share of
        the word's links), value (£ a year), score (£ a year: the product), low, high (95 %), first (share of
        bootstrap samples in which the word comes first).

    Raises
    ------
    CrmkitError
        For a brand that nobody links with anything, a word without a value, or more people with links than were asked.

    Notes
    -----
    The product is an agreed rule for ranking, not a law: it says that a word is worth having if it is strong with
    us, valuable, and not taken.
    """
    need_columns(links, ("respondent_id", "brand", "word"), "links")
    asked = people_asked(respondents, links)
    if replicates < 1:
        raise CrmkitError("The interval needs bootstrap samples: replicates must be 1 or more.")
    if brand not in set(links["brand"]):
        raise CrmkitError(
            f"Nobody links '{brand}' with any word: it has nothing to own yet. Known: "
            f"{', '.join(sorted(links['brand'].unique()))}."
        )
    unique = links.drop_duplicates(["respondent_id", "brand", "word"])
    counts = links_matrix(links)
    person, people = pd.factorize(unique["respondent_id"])
    row = counts.index.get_indexer(unique["brand"])
    column = counts.columns.get_indexer(unique["word"].astype(object))
    cell = row * counts.shape[1] + column
    own = counts.index.get_loc(brand)
    worth = need_values(value, counts.columns).to_numpy()

    def score(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        table = np.bincount(cell, weights=weight[person], minlength=counts.size).reshape(
            counts.shape
        )
        total = table.sum(axis=0)
        rivals = (
            np.delete(table, own, axis=0).max(axis=0)
            if len(table) > 1
            else np.zeros(table.shape[1])
        )
        freedom = 1 - np.divide(rivals, total, out=np.zeros_like(rivals), where=total > 0)
        strength = table[own] / asked
        return strength, freedom, strength * freedom * worth

    strength, freedom, best = score(np.ones(len(people)))
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(
        replicates
    ):  # persons, not links, are drawn; those who link nothing are drawn too
        picked = rng.integers(0, asked, asked)
        draws.append(
            score(np.bincount(picked[picked < len(people)], minlength=len(people)).astype(float))[2]
        )
    cloud = np.array(draws)
    low, high = percentile_interval(cloud)
    table = pd.DataFrame(
        {
            "strength": strength,
            "freedom": freedom,
            "value": worth,
            "score": best,
            "low": low,
            "high": high,
            "first": np.bincount(np.argmax(cloud, axis=1), minlength=cloud.shape[1]) / replicates,
        },
        index=counts.columns,
    )
    return table.sort_values("score", ascending=False, kind="stable")


def network_layout(matrix: pd.DataFrame) -> pd.DataFrame:
    """Places for drawing the network: words in one column, brands in another, each ordered so that few lines cross.

    Both sides are sorted by the mean place of their neighbours, again and again (barycentre heuristic, Sugiyama et
    al. 1981).

    Returns
    -------
    DataFrame
        node, side ("brand" or "word"), x (0 or 1), y (0 to 1, top first).
    """
    weight = matrix.to_numpy(dtype=float)
    brand_place = np.linspace(0, 1, len(matrix.index)) if len(matrix.index) > 1 else np.array([0.5])
    word_place = (
        np.linspace(0, 1, len(matrix.columns)) if len(matrix.columns) > 1 else np.array([0.5])
    )
    brands, words = brand_place.copy(), word_place.copy()
    for _ in range(12):
        for places, own, others, table in (
            (words, word_place, brands, weight.T),
            (brands, brand_place, words, weight),
        ):
            total = table.sum(axis=1)
            mean = np.divide(table @ others, total, out=places.copy(), where=total > 0)
            places[np.argsort(mean, kind="stable")] = own
    rows = [(name, "brand", 0.0, 1 - y) for name, y in zip(matrix.index, brands, strict=True)]
    rows += [(name, "word", 1.0, 1 - y) for name, y in zip(matrix.columns, words, strict=True)]
    return pd.DataFrame(rows, columns=["node", "side", "x", "y"])
