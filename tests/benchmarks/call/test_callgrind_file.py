"""Callgrind's format, in a file as Valgrind 3.19 writes it, shortened."""

import callgrind_file

FILE = """\
# callgrind format
version: 1
events: Ir I1mr D1mr

ob=(1) /build/bin/server
fl=(1) /source/server/wire/reply.cc
fn=(1) rectifier::Encode(int)
10 100 1 2
+3 20
fi=(2) /usr/include/c++/12/vector
40 7
fe=(1)
cfn=(2) malloc
cob=(2) /lib/libc.so.6
cfi=(3) ???
calls=5 0
12 5000 50 50
* 3
fn=(3) rectifier::Other()
20 10
cfn=(4) absl::debian3::Mutex::Lock()
cob=(3) /lib/libabsl.so
calls=2 0
20 900

ob=(2)
fl=(3)
fn=(2)
0 250 0 4
cfn=(5) malloc@GLIBC_2.2.5
calls=1 0
0 50
totals: 390 1 6
"""


def profile() -> callgrind_file.Profile:
    return callgrind_file.parse(FILE.splitlines(keepends=True))


def test_self_costs_by_object_without_what_callees_cost():
    assert profile().by_object() == {"server": 140, "libc.so.6": 250}


def test_rooms_are_folders_of_our_sources_alone():
    assert profile().by_room("/source") == {"server/wire": 133}


def test_misses_are_summed_over_instructions_and_data():
    assert profile().first_level_misses == 1 + 2 + 4
    assert profile().last_level_misses == 0


def test_calls_count_every_symbol_of_a_name():
    assert profile().calls_of("malloc|calloc") == 6
    assert profile().calls_of(r"absl::.*::Mutex::Lock") == 2
    assert profile().calls_of("Lock") == 0
