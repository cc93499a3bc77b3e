"""The projector's page in a browser: thirty simulated students, both themes, keyboard alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.a_room import OpenRoom, a_random, check, guess, poll

pytestmark = pytest.mark.browser
START = "our_mistake-"
SERIOUS = {"serious", "critical"}


def fill(room: OpenRoom, students: int = 30) -> None:
    """Let a class predict, vote and make its mistakes."""
    draw = random.Random(4)
    for _ in range(students):
        answers = [
            guess(float(draw.randrange(20, 100))),
            guess(draw.choice("aaabbc"), "20-b"),
            poll(draw.choice("aabbbb")),
            check("wrong", draw.choice([1, 2, 2, 2])),
        ]
        assert room.send(answers) == 200


@pytest.fixture(params=["light", "dark"])
def shown(chromium: Any, tmp_path: Path, request: Any) -> Iterator[tuple[Any, OpenRoom]]:
    room = OpenRoom(tmp_path / "room.sqlite")
    context = chromium.new_context(
        viewport={"width": 1280, "height": 720}, color_scheme=request.param
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: None if f":{room.port}/" in asked.url or asked.url.startswith("data:")
        else faults.append(asked.url),
    )  # fmt: skip
    page.goto(f"http://127.0.0.1:{room.port}/?token={room.live.store.token}")
    yield page, room
    context.close()
    room.close()
    assert faults == []


def axe(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(400)  # a bar that grows has not its colour yet
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:150]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in SERIOUS
    ]


def test_the_page_is_led_by_the_keyboard_and_shows_what_comes_in(
    shown: tuple[Any, OpenRoom],
) -> None:
    page, room = shown
    page.locator("#stage pre", has_text=f'join("{room.live.code}")').wait_for()
    assert "token" not in page.url
    assert axe(page) == []
    fill(room)
    page.get_by_text("30 in the room").first.wait_for(timeout=10_000)

    page.locator("#lesson").select_option("20")
    page.wait_for_function("() => document.querySelectorAll('#item option').length > 5")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("img", name="30 predictions.").wait_for(timeout=10_000)
    assert "The answer" not in page.locator("#stage").inner_text()
    assert axe(page) == []
    page.keyboard.press("a")
    page.get_by_text("The answer: 9").first.wait_for(timeout=60_000)
    assert page.locator(".answer").is_visible()
    assert axe(page) == []

    page.keyboard.press("ArrowRight")
    page.get_by_text("Prediction 20-b").first.wait_for(timeout=10_000)
    assert page.locator(".rows .row").count() == 3
    page.locator("#item").select_option("check/20-1")
    page.get_by_text("takes turnover for profit").wait_for(timeout=10_000)
    assert axe(page) == []
    page.locator("#item").select_option("quiz/20-quiz-1")
    page.locator("#stage").get_by_text("30 answers.").wait_for(timeout=10_000)
    page.locator("#stage").focus()
    page.keyboard.press("a")
    page.get_by_text("✓ right").wait_for(timeout=10_000)

    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("d")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert axe(page) == []
    # Everything stands on one screen of a projector, and on a small one nothing is cut off sideways.
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_page_says_when_its_computer_is_gone(shown: tuple[Any, OpenRoom]) -> None:
    page, room = shown
    page.get_by_text("0 in the room").first.wait_for()
    assert room.send([guess(50.0)], a_random()) == 200
    page.get_by_text("1 in the room").first.wait_for(timeout=10_000)
    page.route("**/api/state*", lambda route: route.abort())
    page.get_by_role("alert").get_by_text("does not answer").wait_for(timeout=10_000)
    page.unroute("**/api/state*")
    page.get_by_role("alert").wait_for(state="hidden", timeout=10_000)


def ballot(letter: str, item: str) -> dict[str, Any]:
    return {"event": a_random(), "kind": "scene", "id": item, "value": letter}


def test_a_class_votes_its_way_through_a_conversation(shown: tuple[Any, OpenRoom]) -> None:
    """The wall is led by keys; a student votes on a telephone, by touch and by key."""
    wall, room = shown
    telephone = wall.context.new_page()
    telephone.set_viewport_size({"width": 390, "height": 800})
    telephone.goto(f"http://127.0.0.1:{room.port}/vote")
    assert axe(telephone) == []
    telephone.locator("#code").fill("ABCDEF")
    telephone.keyboard.press("Enter")
    telephone.wait_for_function("() => !document.getElementById('code').checkValidity()")
    telephone.locator("#code").fill(room.live.code.lower())
    telephone.keyboard.press("Enter")
    telephone.get_by_text("nothing to vote on").wait_for(timeout=10_000)
    wall.get_by_text("1 in the room").first.wait_for(timeout=10_000)

    wall.locator("#lesson").select_option("68")
    wall.wait_for_function("() => document.querySelectorAll('#item option').length > 8")
    wall.locator("#item").select_option("scene/our_mistake-")
    wall.locator("#stage").focus()
    telephone.locator("#choices button").first.wait_for(timeout=10_000)
    assert axe(telephone) == []
    way = [
        ("c", START, "two hours"),
        ("b", "our_mistake-c", "my day"),
        ("a", "our_mistake-cb", "Until then"),
    ]
    for place, (letter, item, reply) in enumerate(way):
        mine = telephone.locator(f"#choices button[data-letter={letter}]")
        mine.wait_for(timeout=10_000)
        if place:
            telephone.keyboard.press(letter)
        else:
            mine.click()
        telephone.get_by_text(f"Your vote: {letter}").wait_for(timeout=10_000)
        for vote in letter * 5 + "ab":
            assert room.send([ballot(vote, item)]) == 200
        wall.locator("#stage").get_by_text("8 answers.").wait_for(timeout=10_000)
        assert "few" in wall.locator("#stage").inner_text()
        assert axe(wall) == []
        assert wall.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        wall.keyboard.press("a")
        wall.locator("#stage").get_by_text(reply).wait_for(timeout=60_000)
        telephone.get_by_text("goes on in a moment").wait_for(timeout=10_000)
        telephone.evaluate("vote('a')")  # a tap that comes after the room has answered
        telephone.get_by_text("This vote does not count").wait_for(timeout=10_000)
        assert wall.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        wall.keyboard.press("ArrowRight")
        if place < 2:
            wall.locator("#stage").get_by_text(f"answer {place + 2}").wait_for(timeout=10_000)
    wall.get_by_text("The conversation is over.").wait_for(timeout=10_000)
    assert "the best way of all" in wall.locator("#stage").inner_text()
    assert axe(wall) == []
    telephone.get_by_text("The conversation is over").wait_for(timeout=10_000)
    assert axe(telephone) == []
    telephone.reload()  # the code is kept: a telephone that slept is in the room again
    telephone.get_by_text("The conversation is over").wait_for(timeout=10_000)
    assert telephone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    wall.keyboard.press("ArrowLeft")
    wall.locator("#stage").get_by_text("answer 3").wait_for(timeout=10_000)
