"""Holds an SBOM to the form of SPDX 2.3, and to the packages in an image's file system.

sbom_check.py FILE.spdx.json IMAGE_ROOT
"""

import json
import re
import sys
import tarfile
from pathlib import Path


def status_files(root: Path) -> list[str]:
    if root.is_dir():
        return [path.read_text() for path in (root / "var/lib/dpkg/status.d").iterdir()]
    with tarfile.open(root) as archive:
        return [
            archive.extractfile(member).read().decode()
            for member in archive
            if member.isfile() and "var/lib/dpkg/status.d/" in member.name
        ]


def field(status: str, name: str) -> str:
    return re.search(f"^{name}: (.*)$", status, re.MULTILINE)[1]


def main() -> None:
    document = json.loads(Path(sys.argv[1]).read_text())
    packages = {package["SPDXID"]: package for package in document["packages"]}
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert document["dataLicense"] == "CC0-1.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"])
    assert len(packages) == len(document["packages"]), "an identifier stands for two packages"
    assert all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", each) for each in packages)

    related = [each["relatedSpdxElement"] for each in document["relationships"]]
    assert sorted(related) == sorted(packages), "each package is described or contained once"

    installed = {
        (field(text, "Package"), field(text, "Version")) for text in status_files(Path(sys.argv[2]))
    }
    listed = {(each["name"], each["versionInfo"]) for each in packages.values()}
    ours = {each for each in listed if each[0] == "rectifier"}
    assert len(ours) == 1
    assert listed - ours == installed, listed ^ installed
    assert any(name.startswith("libgrpc") for name, _ in installed)


main()
