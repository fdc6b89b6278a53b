"""Holds the Markdown pages of the tree to their lengths and links.

A README explains its folder and no more, so its lines and words are limited, and it holds no long
generated table. A relative link of any page leads to a file, and its anchor to a heading.

    /usr/bin/python3 tests/lint/pages.py             # all pages
    /usr/bin/python3 tests/lint/pages.py server      # the pages below a folder, or one page
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

README_LINES = 150
ROOT_README_LINES = 130  # it is the shop window, which fits on two screens
README_WORDS = 1500  # as `wc -w` counts them
TABLE_ROWS = 20  # of a generated table in a README

# Folders whose Markdown is not ours: what is built or fetched.
FOREIGN_FOLDERS = {"build", "node_modules", "__pycache__"}

FENCE = re.compile(r"^\s*(```|~~~)")
INLINE_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
LINKS = (
    re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),  # [text](target "title")
    re.compile(r"^\s*\[[^\]]+\]:\s*(\S+)"),  # [name]: target
    re.compile(r"\b(?:href|src|srcset)=\"([^\"]+)\""),
)
ELSEWHERE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)")  # with a scheme, or a host
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
NAMED_PLACE = re.compile(r"<\w+[^>]*\b(?:id|name)=\"([^\"]+)\"")
LINK_TEXT = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
BEGIN = re.compile(r"^<!-- (\S+):begin -->")


@dataclass(frozen=True, order=True)
class Problem:
    page: Path  # relative to the root of the tree
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def find_pages(folder: Path) -> list[Path]:
    """The pages in `folder` and below it."""
    pages = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in FOREIGN_FOLDERS and not name.startswith(".")
        )
        pages += [Path(place) / name for name in sorted(names) if name.endswith(".md")]
    return pages


def problems_of(page: Path, root: Path) -> list[Problem]:
    """What is wrong with `page`, a file below `root`."""
    name = page.relative_to(root)
    text = page.read_text()
    found = list(_broken_links(page, text, root))
    if page.name == "README.md":
        is_root = page.parent == root
        found += _lengths(text, ROOT_README_LINES if is_root else README_LINES)
        found += _long_tables(text)
    return sorted(Problem(name, line, problem) for line, problem in found)


def _lengths(text: str, most_lines: int) -> Iterator[tuple[int, str]]:
    lines, words = len(text.splitlines()), len(text.split())
    if lines > most_lines:
        yield 1, f"{lines} lines; a README here has at most {most_lines}"
    if words > README_WORDS:
        yield 1, f"{words} words; a README has at most {README_WORDS}"


def _long_tables(text: str) -> Iterator[tuple[int, str]]:
    end, first, rows = "", 0, 0
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if begin := BEGIN.match(line):
            end = f"<!-- {begin[1]}:end -->"
        if end and line.startswith("|"):
            first = first or number
            rows += 1
            continue
        content = rows - 2  # without the header and its rule
        if content > TABLE_ROWS:
            yield first, f"a generated table of {content} rows; a README has at most {TABLE_ROWS}"
        first, rows = 0, 0
        if line == end:
            end = ""


def _broken_links(page: Path, text: str, root: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_without_code(text), start=1):
        for target in _targets(line):
            if not ELSEWHERE.match(target) and (problem := _broken(target, page, root)):
                yield number, problem


def _targets(line: str) -> Iterator[str]:
    for pattern in LINKS:
        yield from pattern.findall(line)


def _broken(target: str, page: Path, root: Path) -> str:
    """Why `target`, a relative link of `page`, leads nowhere; empty where it leads somewhere."""
    path, _, anchor = target.partition("#")
    if path.startswith("/"):
        return f"{target}: a link is relative to its page"
    file = Path(os.path.normpath(page.parent / path)) if path else page
    if not file.is_relative_to(root):
        return f"{target}: it leads out of the tree"
    if FOREIGN_FOLDERS & set(file.relative_to(root).parts):
        return f"{target}: it leads to what is built"
    if not file.exists():
        return f"{target}: there is no such file"
    if anchor and file.suffix == ".md" and anchor not in anchors(file):
        return f"{target}: there is no such heading"
    return ""


@functools.cache
def anchors(page: Path) -> frozenset[str]:
    """What a link to `page` may have after its #, by GitHub's rules."""
    found: set[str] = set()
    for line in _without_fences(page.read_text()):
        found.update(NAMED_PLACE.findall(line))
        if heading := HEADING.match(line):
            name = _anchor(heading[1])
            # A heading that occurs again is numbered.
            again = next(i for i in range(len(found) + 1) if _numbered(name, i) not in found)
            found.add(_numbered(name, again))
    return frozenset(found)


def _anchor(heading: str) -> str:
    visible = LINK_TEXT.sub(r"\1", heading)
    return re.sub(r"[^\w\- ]", "", visible.lower()).replace(" ", "-")


def _numbered(name: str, again: int) -> str:
    return f"{name}-{again}" if again else name


def _without_fences(text: str) -> Iterator[str]:
    """The lines, of which those in fenced blocks of code are empty."""
    fence = ""
    for line in text.splitlines():
        mark = FENCE.match(line)
        is_code = bool(fence or mark)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
        yield "" if is_code else line


def _without_code(text: str) -> Iterator[str]:
    return (INLINE_CODE.sub("``", line) for line in _without_fences(text))


def main() -> int:
    parser = argparse.ArgumentParser(description="Lengths and links of the Markdown pages.")
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT], help="pages or folders")
    paths = [path.resolve() for path in parser.parse_args().paths]
    pages = [page for path in paths for page in (find_pages(path) if path.is_dir() else [path])]
    problems = [problem for page in pages for problem in problems_of(page, ROOT)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
