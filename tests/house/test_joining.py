"""Others can join: what they are told exists, and the forms are forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
PAGES = [ROOT / name for name in ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")]
KINDS = {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def form_faults(form: dict) -> list[str]:
    """Say what would keep an issue form from being shown."""
    faults = [f"no {key}" for key in ("name", "description", "body") if not form.get(key)]
    fields = form.get("body") or []
    faults += [
        f"{field.get('type')} is no kind of field" for field in fields if field["type"] not in KINDS
    ]
    asked = [field for field in fields if field["type"] != "markdown"]
    ids = [field.get("id") for field in asked]
    if len(set(ids)) != len(ids) or None in ids:
        faults.append("a field has no id of its own")
    faults += [f"{f['id']} has no label" for f in asked if not f["attributes"].get("label")]
    for field in asked:
        options = field["attributes"].get("options", [])
        if field["type"] == "dropdown" and (not options or len(set(options)) != len(options)):
            faults.append(f"{field['id']} has no options, or one twice")
    if not any(field.get("validations", {}).get("required") for field in asked):
        faults.append("nothing is required: an empty form could be sent")
    return faults


def test_the_three_who_write_find_their_form() -> None:
    names = {yaml.safe_load(path.read_text(encoding="utf-8")).get("name") for path in FORMS}
    assert {"I am a student", "I am a trainer", "A fault in a lesson"} <= names


@pytest.mark.parametrize(
    "path", [p for p in FORMS if p.name != "config.yml"], ids=lambda path: path.stem
)
def test_a_form_is_a_form(path: Path) -> None:
    assert form_faults(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


def test_a_broken_form_is_noticed() -> None:
    field = {"type": "input", "id": "a", "attributes": {"label": "A"}}
    assert form_faults({"name": "N", "description": "D", "body": [field]}) == [
        "nothing is required: an empty form could be sent"
    ]
    required = field | {"validations": {"required": True}}
    assert form_faults({"name": "N", "description": "D", "body": [required]}) == []
    assert form_faults({"name": "N", "description": "D", "body": [required, required]})


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_link_to_what_is_there_and_name_no_person(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (ROOT / link).exists(), f"{path.name} links to {link}"
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text), "no real person's e-mail address"
