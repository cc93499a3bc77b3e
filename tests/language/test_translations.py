"""What is declared translated is whole, says the same as the English, and can be shown."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import build_notebooks
import catalogues
import polib
import pytest
import translate
from fontTools.ttLib import TTFont

from crmkit import say
from crmkit.lesson_texts import fields, pieces, retold, skeleton
from crmkit.practice import bank

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = catalogues.languages()
LESSONS = [
    (language, number) for language in LANGUAGES for number in catalogues.edition(language).lessons
]


def entries(language):
    """Give every live, translated entry: what a reader may see."""
    for path in sorted((ROOT / "locale" / language).glob("*.po")):
        for entry in catalogues.read(path, language):
            if not (entry.obsolete or entry.fuzzy or catalogues.missing(entry)):
                for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                    if text:
                        yield path.stem, entry, text


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile what stands in locale/, as an installation does."""
    catalogues.compile_all()
    say.catalogue.cache_clear()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_is_declared_translated_is_missing_or_outdated(language):
    about = catalogues.edition(language)
    to_do = [
        translate.told(entry)
        for book in translate.up_to_date(language).values()
        for entry in translate.to_do(book, about)
    ]
    assert not to_do, "python tools/translate.py status\n" + "\n".join(to_do)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_english(language):
    def named(text):
        return {*fields(text), *re.findall(r"%\(\w+\)s", text)}

    wrong = []
    for file, entry, text in entries(language):
        english = named(entry.msgid)
        # One or many: a language with one form writes the number where English may not, and one noun for two.
        free = named(entry.msgid_plural) ^ english if entry.msgid_plural else set()
        free |= {f for f in english if entry.msgid_plural and re.match(r"\{(count|things?)\b", f)}
        if named(text) - free != english - free:
            wrong.append((file, entry.msgctxt, entry.msgid, text))
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_is_in_the_font_that_ships(language):
    font = TTFont(ROOT / "crmkit/fonts/crmkit-sans-sc.otf")
    known = set(font.getBestCmap())
    strange = {
        character
        for _, _, text in entries(language)
        for character in text
        if ord(character) >= 0x2E80 and ord(character) not in known
    }
    assert not strange, f"tools/cjk_font.py cuts the font: it lacks {''.join(sorted(strange))}"


def glossary():
    """Give each term with its Chinese forms: ``渠道/定位`` are two, a bracket explains."""
    terms = {}
    for path in sorted((ROOT / "crmkit/practice/glossary").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                chinese = re.sub(r"（.*?）", "", row["chinese"])
                terms.setdefault(row["term"].lower(), set()).update(chinese.split("/"))
    return terms


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name.startswith("zh")])
def test_terms_are_those_of_the_glossary(language):
    everyday = catalogues.edition(language).everyday
    wrong = []
    for term, forms in glossary().items():
        if term in everyday:
            continue
        # As a term: in bold in a lesson, or two words and more wherever they stand.
        whole = re.escape(term)
        pattern = rf"\b{whole}s?\b" if " " in term else rf"\*\*{whole}s?\*\*"
        for file, entry, text in entries(language):
            if re.search(pattern, entry.msgid, re.IGNORECASE) and not any(f in text for f in forms):
                wrong.append((term, sorted(forms), file, entry.msgctxt, entry.msgid[:80]))
    assert not wrong, "\n".join(map(str, wrong))


def masters(number):
    for room in ("notebooks", "exercises"):
        for path in (ROOT / room / "source").glob(f"{number}_*.py"):
            yield path, number if room == "notebooks" else f"exercises/{number}"


@pytest.mark.parametrize(("language", "number"), LESSONS)
def test_a_cells_code_is_the_english_cells_but_for_its_words(language, number):
    changed = 0
    with say.speaking(language):
        for path, where in masters(number):
            master = build_notebooks.read_master(path)
            for old, new in zip(master.cells, retold(master, where)["cells"], strict=True):
                if old.cell_type == "code":
                    assert skeleton(old.source) == skeleton(new["source"]), (path.name, old.id)
                    changed += old.source != new["source"]
    assert changed > 3


@pytest.mark.parametrize(("language", "number"), LESSONS)
def test_no_english_is_left_in_a_lesson(language, number):
    left = []
    with say.speaking(language):
        for path, where in masters(number):
            told = retold(build_notebooks.read_master(path), where)
            for cell in told["cells"]:
                texts = (
                    [re.sub(r"```.*?```|`[^`]*`|\{.*?\}", "", cell["source"], flags=re.DOTALL)]
                    if cell["cell_type"] == "markdown"
                    else [re.sub(r"\{.*?\}", "", piece.message) for piece in pieces(cell["source"])]
                )
                left += [
                    (cell["id"], found[0])
                    for text in texts
                    for found in re.finditer(r"(?:\b[a-z]+\b[ ,]+){4,}", text)
                ]
    assert not left


@pytest.mark.parametrize(("language", "number"), LESSONS)
def test_every_unit_of_a_question_has_a_name(language, number):
    asked = bank.of_lesson(number)
    kinds = [question.kind for question in (*asked.questions, *asked.predictions)]
    units = {getattr(kind, "unit", "") for kind in kinds}
    worded = {unit for unit in units if re.search(r"[A-Za-z]", unit) and "{company" not in unit}
    named = {entry.msgid for _, entry, _ in entries(language) if entry.msgctxt == "label"}
    assert not worded - named, "declare it by labels() in crmkit/practice/kinds/number.py"


def numbers(notebook):
    """Count the numbers that a notebook's cells say, wherever in a sentence they stand; dates without their months."""
    said = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            said.append(text if isinstance(text, str) else "".join(text))
    text = re.sub(r"(\d{4})-\d\d-0?(\d+)(?!.*channel)", r"\2 \1", "\n".join(said))
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    text = re.sub(rf"\b0?(\d+) (?:{months}) (\d{{4}})", r"\1 \2", text)
    return Counter(number.lstrip("0") or "0" for number in re.findall(r"\d+(?:[.,]\d+)*", text))


@pytest.mark.parametrize(("language", "number"), LESSONS)
def test_a_lesson_prints_the_same_numbers_in_every_language(
    language, number, tmp_path, monkeypatch
):
    monkeypatch.setenv(say.SWITCH, language)
    (master,) = (ROOT / "notebooks/source").glob(f"{number}_*.py")
    (tmp_path / "notebooks").mkdir()
    with say.speaking(language):
        ((_, text),) = build_notebooks.build(master, None, tmp_path).items()
    stored = json.loads((ROOT / f"notebooks/{master.stem}.ipynb").read_text(encoding="utf-8"))
    mine, english = numbers(json.loads(text)), numbers(stored)
    assert sum(english.values()) > 50
    assert mine == english, {"only here": mine - english, "only in English": english - mine}


def book_of(*pairs, context="20/pyramid"):
    book = catalogues.empty("zh_CN")
    book.extend(polib.POEntry(msgctxt=context, msgid=e, msgstr=t) for e, t in pairs)
    return book


def test_a_sentence_that_changed_in_english_is_outdated_and_shows_both():
    old = book_of(("A tier is a decision.", "层级是决定。"), ("Look here.", "看这里。"))
    now = [
        catalogues.Message("20/pyramid", "A tier is somebody's decision."),
        catalogues.Message("20/pyramid", "Look here."),
        catalogues.Message("20/pyramid", "An entirely new remark about pelicans"),
    ]
    new = catalogues.merged(old, now, "zh_CN")
    changed, same, added = new
    assert catalogues.outdated(changed)
    assert (changed.previous_msgid, changed.msgstr) == ("A tier is a decision.", "层级是决定。")
    assert not catalogues.outdated(same)
    assert same.msgstr == "看这里。"
    assert catalogues.missing(added)
    told = translate.told(changed)
    assert "was A tier is a decision." in told
    assert "is  A tier is somebody's decision." in told
    assert [e.msgid for e in translate.to_do(new, catalogues.edition("zh_CN"))] == [
        "A tier is somebody's decision.",
        "An entirely new remark about pelicans",
    ]
    # A second update changes nothing, and a sentence that comes back gets its words again.
    assert str(catalogues.merged(new, now, "zh_CN")) == str(new)


def test_an_outdated_translation_is_not_shown(tmp_path):
    folder = tmp_path / "locale/zh_CN"
    folder.mkdir(parents=True)
    (folder / "edition.toml").write_text('name = "简体中文"', encoding="utf-8")
    old = book_of(("A tier is a decision.", "层级是决定。"), context=None)
    book = catalogues.merged(old, [catalogues.Message("", "A tier is a choice.")], "zh_CN")
    (folder / "crmkit.po").write_text(str(book) + "\n", encoding="utf-8")
    (made, _) = catalogues.compile_all(tmp_path)
    assert polib.mofile(str(made)).find("A tier is a choice.") is None


def test_the_same_catalogues_compile_to_the_same_bytes():
    first = [path.read_bytes() for path in catalogues.compile_all()]
    assert [path.read_bytes() for path in catalogues.compile_all()] == first


def test_a_sentence_that_nobody_could_look_up_is_an_error():
    source = "from crmkit.say import say\nsay(f'the best {n}')"
    with pytest.raises(translate.SourceError, match=r"x\.py:2: say cannot look an f-string up"):
        list(translate.in_module(source, "x.py"))


def test_a_call_of_another_say_is_not_collected():
    assert not list(translate.in_module("def f(say):\n    say('hello there')", "x.py"))
