"""What every lesson shows of the shipped data: controls that move it from end to end, and letters that can be read.

On every push the same is held on a class's data, whose lessons are run there anyway (`test_in_a_class.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lesson_run import Shown, lesson_run
from shown_guards import controls_move, letters_are_easy_to_read

pytestmark = pytest.mark.full

MASTERS = sorted((Path(__file__).resolve().parents[2] / "notebooks" / "source").glob("*.py"))


@pytest.fixture(scope="module", params=MASTERS, ids=lambda path: path.stem)
def shown(request: pytest.FixtureRequest) -> Shown:
    return lesson_run(request.param)


def test_every_control_moves_picture_and_words(shown: Shown) -> None:
    controls_move(shown)


def test_letters_have_a_colour_that_is_easy_to_read(shown: Shown) -> None:
    letters_are_easy_to_read(shown)
