"""What the check of pages finds, and what it lets pass."""

from __future__ import annotations

from pathlib import Path

import pages
import pytest


def problems(root: Path, page: str, text: str) -> list[str]:
    path = root / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return [str(problem) for problem in pages.problems_of(path, root)]


def generated(rows: int) -> str:
    table = ["| a |", "|---|", *["| 1 |"] * rows]
    return "\n".join(["<!-- x:begin -->", *table, "<!-- x:end -->", ""])


@pytest.mark.parametrize(
    ("page", "most"), [("a/README.md", pages.README_LINES), ("README.md", pages.ROOT_README_LINES)]
)
def test_a_readme_may_be_as_long_as_its_limit_and_no_longer(
    tmp_path: Path, page: str, most: int
) -> None:
    assert problems(tmp_path, page, "word\n" * most) == []
    assert problems(tmp_path, page, "word\n" * (most + 1)) == [
        f"{page}:1: {most + 1} lines; a README here has at most {most}"
    ]


def test_words_are_what_stands_between_blanks(tmp_path: Path) -> None:
    assert problems(tmp_path, "a/README.md", "| a-b, `c` " * 500) == []
    assert problems(tmp_path, "a/README.md", "| a-b, `c` " * 501) == [
        "a/README.md:1: 1503 words; a README has at most 1500"
    ]


def test_other_pages_have_any_length(tmp_path: Path) -> None:
    assert problems(tmp_path, "a/RESULTS.md", "word " * 2000 + "\n" * 200 + generated(50)) == []


def test_a_generated_table_of_a_readme_is_short(tmp_path: Path) -> None:
    assert problems(tmp_path, "a/README.md", generated(20)) == []
    assert problems(tmp_path, "a/README.md", "\n" + generated(21)) == [
        "a/README.md:3: a generated table of 21 rows; a README has at most 20"
    ]


def test_a_table_that_people_write_has_any_number_of_rows(tmp_path: Path) -> None:
    written = generated(1) + "| a |\n|---|\n" + "| 1 |\n" * 30
    assert problems(tmp_path, "a/README.md", written) == []


@pytest.mark.parametrize(
    "link",
    [
        "[a](b.md)",
        "[a](../a/b.md)",
        "![a](b.md)",
        "[![a](b.md)](b.md)",
        "[a]: b.md",
        '<img src="b.md">',
        '<source srcset="b.md">',
        '[a](b.md "a title")',
        "[a](b.md#the-a-and-b)",
        "[a](#here)",
        "[a](..)",
        "[a](https://example.org/nowhere)",
        "<mailto:a@example.org>",
        "`[a](nowhere.md)`",
        "```\n[a](nowhere.md)\n```",
    ],
)
def test_links_that_lead_somewhere_pass(tmp_path: Path, link: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.md").write_text("# The `a`, and b\n")
    assert problems(tmp_path, "a/c.md", f"# Here\n\n{link}\n") == []


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("[a](nowhere.md)", "nowhere.md: there is no such file"),
        ('<img src="nowhere.svg">', "nowhere.svg: there is no such file"),
        ("[a]: nowhere.md", "nowhere.md: there is no such file"),
        ("[a](b.md#c)", "b.md#c: there is no such heading"),
        ("[a](#c)", "#c: there is no such heading"),
        ("[a](/a/b.md)", "/a/b.md: a link is relative to its page"),
        ("[a](../../b.md)", "../../b.md: it leads out of the tree"),
        ("[a](../build/b.md)", "../build/b.md: it leads to what is built"),
    ],
)
def test_links_that_lead_nowhere_are_found(tmp_path: Path, link: str, why: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.md").write_text("# Here\n```\n# c\n```\n")
    assert problems(tmp_path, "a/c.md", f"# Here\n\n{link}\n") == [f"a/c.md:3: {why}"]


def test_headings_that_occur_again_are_numbered(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text('# Speed\n## Speed\n## Working on it\n<a id="place"></a>\n# The [link](b.md)\n')
    assert pages.anchors(page) == {"speed", "speed-1", "working-on-it", "place", "the-link"}


def test_what_is_built_is_not_looked_at(tmp_path: Path) -> None:
    for page in ("a/b.md", "build/c.md", "a/node_modules/d.md", ".git/e.md"):
        (tmp_path / page).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / page).touch()
    assert pages.find_pages(tmp_path) == [tmp_path / "a/b.md"]
