"""What is installed is what is meant to be, and the same whoever builds it."""

import hashlib
import os
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

hatchling = pytest.importorskip("hatchling", reason="hatchling is not installed")
from hatchling.builders.sdist import SdistBuilder  # noqa: E402
from hatchling.builders.wheel import WheelBuilder  # noqa: E402

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "jobclf"
PAGE = {f"server/page/{path.name}" for path in (SOURCE / "server" / "page").iterdir()}
DATA = {"py.typed", "reports/report.css", "reports/report.js", "text/seeds.toml"} | PAGE
MODELS = {"base.joblib", "jobclf.joblib"}
TOLD = {
    "METADATA",
    "RECORD",
    "WHEEL",
    "entry_points.txt",
    "licenses/LICENSE",
    "sboms/sbom.cdx.json",
}
PACKAGED = re.compile(
    r"src/jobclf/([a-z_]+/)?[a-z_]+\.py|src/jobclf/(py\.typed|reports/report\.(css|js)|text/seeds\.toml)"
    r"|src/jobclf/server/page/page\.(html|css)|src/jobclf/server/page/[a-z]+\.js"
    r"|models/(base|jobclf)\.joblib|models/README\.md|tests/([\w-]+/)*[\w.-]+"
    r"|data/(README\.md|[a-z_]+\.csv|labeled_postings/(README\.md|index\.csv|[a-z_]+/[\w-]+\.txt))"
    r"|docs/(conf\.py|notebook/\w+\.py|([a-z_-]+/)*[\w-]+\.(md|json|svg|png|ipynb))"
    r"|(README|CHANGELOG)\.md|LICENSE|sbom\.cdx\.json|PKG-INFO|pyproject\.toml|\.gitignore"
)


def wheel(root: Path, target: Path) -> Path:
    """Build a wheel."""
    (path,) = WheelBuilder(str(root)).build(directory=str(target), versions=["standard"])
    return Path(path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_package_its_models_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
    information = {name for name in names if ".dist-info/" in name}
    modules = {f"jobclf/{path.relative_to(SOURCE)}" for path in SOURCE.rglob("*.py")}
    assert names - information == (
        modules | {f"jobclf/{name}" for name in DATA} | {f"jobclf/models/{name}" for name in MODELS}
    )
    assert {name.partition(".dist-info/")[2] for name in information} == TOLD


def test_the_models_in_the_wheel_are_those_of_the_repository(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        for name in MODELS:
            content = archive.read(f"jobclf/models/{name}")
            assert content == (ROOT / "models" / name).read_bytes()


def test_the_source_distribution_holds_what_the_tests_need_and_nothing_else(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        assert all(member.isfile() for member in archive.getmembers())
    assert {name for name in names if not PACKAGED.fullmatch(name)} == set()
    here = {
        each.relative_to(ROOT).as_posix()
        for folder in ("src", "tests", "models", "data")
        for each in (ROOT / folder).rglob("*")
        if each.is_file() and "__pycache__" not in each.parts
    }
    assert here <= names


def test_the_wheel_is_the_same_wherever_and_whenever_it_is_built(
    built: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    for name in ("src", "models"):
        shutil.copytree(ROOT / name, copy / name)
    for name in ("pyproject.toml", "README.md", "LICENSE", "sbom.cdx.json"):
        shutil.copy(ROOT / name, copy / name)
    for each in copy.rglob("*"):
        os.utime(each, (1e9, 1e9))
    again = wheel(copy, tmp_path / "wheel")
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (built, again)}
    assert len(digests) == 1
    assert again.name == built.name
