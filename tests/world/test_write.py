"""What is written is what was simulated; what ships is what its seed gives; nobody's file is overwritten."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from crmkit.companies import shipped
from crmkit.data.catalogue import catalogue
from crmkit.data.load import find_data, load, load_truth
from crmkit.errors import CrmkitError
from crmkit.world import World, simulate, write
from crmkit.world.__main__ import SHIPPED, main, write_shipped

CATALOGUE = catalogue(shipped("fernwell"))

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


@pytest.fixture(scope="module")
def small() -> World:
    return simulate(customers=60, seed=9, parts=(), progress=False)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_ships_is_what_its_seed_gives_byte_for_byte(tmp_path: Path) -> None:
    write_shipped(tmp_path)
    made, shipped = files(tmp_path), files(DATASETS)
    ours = {
        "README.md",
        *(name for name in shipped if name.split("/")[0] in {s[0] for s in SHIPPED}),
    }
    assert set(made) == ours
    differing = [name for name in made if made[name] != shipped[name]]
    assert differing == [], "run `make datasets`"


def test_the_same_bytes_without_faker_and_pyarrow(tmp_path: Path) -> None:
    """As in a browser, and as after Faker has changed its names."""
    code = (
        "import sys; sys.modules['pyarrow'] = sys.modules['faker'] = None\n"
        "from crmkit.world.__main__ import main\n"
        f"main(['write-shipped', '--datasets', {str(tmp_path)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made, shipped = files(tmp_path), files(DATASETS)
    assert [name for name in made if made[name] != shipped[name]] == []


def test_what_ships_stays_under_eighteen_megabytes() -> None:
    assert sum(map(len, files(DATASETS / "fernwell").values())) < 18_000_000


def test_the_command_writes_into_the_folder_it_is_given(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("crmkit.world.__main__.SHIPPED", [("beanline", 30, 2, "de_DE")])
    main(["write-shipped", "--datasets", str(tmp_path)])
    assert "Beanline Coffee" in (tmp_path / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "beanline" / "orders.csv").is_file()


def test_written_tables_load_as_they_were(tmp_path: Path) -> None:
    world = simulate(customers=200, seed=9, progress=False)
    write(world, tmp_path)
    for table in (t for t in CATALOGUE.values() if not t.truth):
        assert_frame_equal(load(table.name, tmp_path), world.tables[table.name])
    for table in (t for t in CATALOGUE.values() if t.truth):
        assert_frame_equal(load_truth(table.name, tmp_path), world.truth[table.name])


def test_files_are_plain(small: World, tmp_path: Path) -> None:
    write(small, tmp_path)
    for name, content in files(tmp_path).items():
        assert b"\r" not in content, name
        content.decode("utf-8")
    text = (tmp_path / "order_lines.csv").read_text(encoding="utf-8")
    assert ".0," not in text
    assert "False" not in text
    orders = pd.read_csv(tmp_path / "orders.csv", parse_dates=["order_date"])
    assert orders["turnover"].sum() == pytest.approx(small.tables["orders"]["turnover"].sum())


def test_the_package_names_every_file_with_its_checksum(small: World, tmp_path: Path) -> None:
    paths = write(small, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["made"] == {"company": "fernwell", "customers": 60, "seed": 9, "locale": "en_GB"}
    assert [tmp_path / r["path"] for r in package["resources"]] == paths[:-1]
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["bytes"] == len(content)
        assert resource["rows"] == content.count(b"\n") - 1


def test_the_truth_can_be_kept_back(small: World, tmp_path: Path) -> None:
    write(small, tmp_path, truth=False)
    assert not (tmp_path / "truth").exists()
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert not [r for r in package["resources"] if r["path"].startswith("truth/")]
    with pytest.raises(CrmkitError, match="kept back by a trainer"):
        load_truth("customers", tmp_path)


def test_writing_again_replaces_what_we_wrote(small: World, tmp_path: Path) -> None:
    write(small, tmp_path)
    write(small, tmp_path)
    write(simulate(customers=61, seed=9, parts=(), progress=False), tmp_path)
    assert len(load("customers", tmp_path)) == 61


def test_tables_of_an_earlier_world_are_removed_unless_somebody_changed_them(
    small: World, tmp_path: Path
) -> None:
    write(small, tmp_path)
    changed = tmp_path / "truth" / "customers.csv"
    changed.write_text("my notes on the truth", encoding="utf-8")
    write(small, tmp_path, truth=False)
    assert [path.name for path in (tmp_path / "truth").iterdir()] == ["customers.csv"]
    assert changed.read_text(encoding="utf-8") == "my notes on the truth"


def test_a_foreign_file_is_not_overwritten(small: World, tmp_path: Path) -> None:
    mine = tmp_path / "orders.csv"
    mine.write_text("my own orders\n", encoding="utf-8")
    with pytest.raises(CrmkitError, match=r"orders\.csv would be overwritten"):
        write(small, tmp_path)
    assert files(tmp_path) == {"orders.csv": b"my own orders\n"}
    write(small, tmp_path, force=True)
    assert mine.read_bytes().startswith(b"order_id,")


def test_a_file_changed_since_is_not_overwritten_and_others_are_left_alone(
    small: World, tmp_path: Path
) -> None:
    write(small, tmp_path)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with (tmp_path / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("a line of mine\n")
    before = files(tmp_path)
    other = simulate(customers=60, seed=10, parts=(), progress=False)
    with pytest.raises(CrmkitError, match=r"customers\.csv would be overwritten"):
        write(other, tmp_path)
    assert files(tmp_path) == before
    write(other, tmp_path, force=True)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"made": 1, "resources": 3}'])
def test_a_foreign_datapackage_is_not_overwritten(small: World, tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(CrmkitError, match=r"datapackage\.json would be overwritten"):
        write(small, tmp_path)


def test_what_ships_is_found_from_the_tests() -> None:
    assert find_data(DATASETS) == DATASETS / "fernwell"
    assert set(CATALOGUE) == {
        name.removesuffix(".csv") for name in files(DATASETS / "fernwell")
    } - {"datapackage.json"}
