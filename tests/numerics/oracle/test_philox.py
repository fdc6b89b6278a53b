"""The known answers of Random123 (kat_vectors, philox4x32 with 10 rounds)."""

import philox


def test_blocks_are_those_of_random123() -> None:
    assert philox.block((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    counter = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    expected = (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)
    assert philox.block(counter, (0xA4093822, 0x299F31D0)) == expected


def test_uniforms_keep_off_the_ends() -> None:
    draws = [philox.inner_uniform(7, index) for index in range(1000)]
    assert 0 < min(draws) < 0.01 and 0.99 < max(draws) < 1
