"""What is said in the reader's language, and which language that is."""

import gettext
import io
import warnings

import polib
import pytest

from crmkit import say
from crmkit.errors import CrmkitError


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Leave no choice of language behind."""
    monkeypatch.delenv(say.SWITCH, raising=False)
    for kept in (say._heard, say._setting, say.catalogue):
        kept.cache_clear()
    yield
    say.speak(None)
    for kept in (say._heard, say._setting, say.catalogue):
        kept.cache_clear()


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Speak German and Chinese from a catalogue of three messages."""
    for name, plural in (
        ("de", "nplurals=2; plural=(n != 1);"),
        ("zh_CN", "nplurals=1; plural=0;"),
    ):
        book = polib.POFile()
        book.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": plural}
        book.append(polib.POEntry(msgid="The best {part:.0%}.", msgstr=f"{name} {{part:.0%}}"))
        book.append(polib.POEntry(msgid="Broken {part}.", msgstr="{no_such_field}"))
        book.append(polib.POEntry(msgctxt="label", msgid="key", msgstr=f"{name} key"))
        forms = (
            {0: "{count} Versuch", 1: "{count:,} Versuche"} if name == "de" else {0: "{count} 次"}
        )
        book.append(
            polib.POEntry(msgid="{count} try", msgid_plural="{count:,} tries", msgstr_plural=forms)
        )
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        book.save_as_mofile(str(folder / "crmkit.mo"))
    monkeypatch.setattr(say, "CATALOGUES", tmp_path)


def test_the_language_is_chosen_by_call_then_environment_then_file(
    catalogue, monkeypatch, tmp_path
):
    work = tmp_path / "course" / "notebooks"
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    assert say.language() == "en"
    say._setting.cache_clear()
    (work.parent / say.SETTINGS).write_text('language = "zh_CN"\n', encoding="utf-8")
    assert say.language() == "zh_CN"
    monkeypatch.setenv(say.SWITCH, "de")
    assert say.language() == "de"
    say.speak("zh-cn")
    assert say.language() == "zh_CN"
    say.speak(None)
    assert say.language() == "de"


@pytest.mark.parametrize("name", ["zh_CN", "zh-CN", "zh_cn.UTF-8", "zh", "zh-Hans"])
def test_a_language_goes_by_its_usual_names(catalogue, name):
    say.speak(name)
    assert say.language() == "zh_CN"


def test_an_unknown_language_is_named_once_and_english_goes_on(catalogue, monkeypatch):
    monkeypatch.setenv(say.SWITCH, "tlh")
    with pytest.warns(UserWarning, match=r"does not speak 'tlh'.*It speaks: en, de, zh_CN"):
        assert say.language() == "en"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert say.say("The best {part:.0%}.", part=0.2) == "The best 20%."
    with pytest.raises(CrmkitError, match="It speaks: en, de, zh_CN"):
        say.speak("tlh")


def test_a_settings_file_that_cannot_be_read_names_no_language(catalogue, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / say.SETTINGS).write_text("language = ", encoding="utf-8")
    assert say.language() == "en"


def test_a_sentence_its_plural_and_a_label_are_looked_up(catalogue):
    say.speak("zh_CN")
    assert say.say("The best {part:.0%}.", part=0.2) == "zh_CN 20%"
    assert say.say_many("{count} try", "{count:,} tries", 1) == "1 次"
    assert say.say_many("{count} try", "{count:,} tries", 1000) == "1000 次"
    assert (say.label("key"), say.label(2025), say.say("key")) == ("zh_CN key", "2025", "key")
    say.speak("de")
    assert say.say_many("{count} try", "{count:,} tries", 1) == "1 Versuch"
    assert say.say_many("{count} try", "{count:,} tries", 2) == "2 Versuche"


def test_a_fault_in_a_catalogue_falls_back_to_english(catalogue):
    say.speak("de")
    assert say.say("Broken {part}.", part=3) == "Broken 3."


def test_braces_without_fields_are_plain_braces():
    assert say.say('`.agg({"a": "sum"})`') == '`.agg({"a": "sum"})`'


def test_the_empty_message_is_not_the_head_of_a_catalogue(catalogue):
    say.speak("de")
    assert isinstance(say.catalogue("de"), gettext.GNUTranslations)
    assert say.say("") == ""
    assert gettext.GNUTranslations(io.BytesIO(polib.POFile().to_binary())).gettext("a") == "a"
