from __future__ import annotations

from machine import _processor, upstream_version


def test_a_package_version_loses_epoch_and_revision() -> None:
    assert upstream_version("1.13.1+dfsg-4") == "1.13.1"
    assert upstream_version("2:2.6.3-1") == "2.6.3"
    assert upstream_version("") is None


def test_a_processor_without_a_number_is_told_by_family_and_model() -> None:
    cpuinfo = "cpu family\t: 25\nmodel\t\t: 17\nmodel name\t: AMD EPYC\n"

    assert _processor(cpuinfo) == "AMD EPYC (family 25, model 17)"


def test_a_processor_with_a_number_is_told_by_it() -> None:
    cpuinfo = "cpu family\t: 6\nmodel\t\t: 207\nmodel name\t: Xeon 8581C\n"

    assert _processor(cpuinfo) == "Xeon 8581C"
