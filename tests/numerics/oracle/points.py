"""Where the oracle evaluates: chosen from a formula's kinks and roots, and a fixed grid."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalogue import Activation, Parameter, output_length
from exact import enclose
from formula import Evaluator

SEED = 20240229


@dataclass(frozen=True)
class Format:
    """A binary floating-point format."""

    precision: int  # bits of the significand
    least_exponent: int  # of a normal number
    largest: float

    def spacing(self, x: float) -> float:
        exponent = max(math.frexp(x)[1] - 1, self.least_exponent) if x else self.least_exponent
        return math.ldexp(1.0, exponent - self.precision + 1)

    def around(self, x: float) -> list[float]:
        """The number nearest to x and its two neighbours."""
        if abs(x) >= self.largest:
            return []
        nearest = round(x / self.spacing(x)) * self.spacing(x)
        outward, inward = self.spacing(nearest), self.spacing(math.nextafter(nearest, 0))
        if nearest < 0:
            return [nearest - outward, nearest, nearest + inward]
        return [nearest - inward, nearest, nearest + outward]


BFLOAT16 = Format(8, -126, 3.3e38)
FLOAT16 = Format(11, -14, 65504.0)
FLOAT32 = Format(24, -126, 3.4e38)
FLOAT64 = Format(53, -1022, 1.7e308)
FORMATS = (BFLOAT16, FLOAT16, FLOAT32, FLOAT64)

# Where exponentials of x, x^2/2 and the like leave float32 and float64, with a step to either side.
TAILS = (-5.5, -8.3, -13.0, -17.0, -38.5, -88.0, -89.5, -91.75, -104.0, -709.0, -745.0, -751.5)
MOST_ROOTS = 8
# Half of an odd multiple of a format's least number lies halfway between two of its numbers.
HALF_WAY = [
    math.ldexp(k, format_.least_exponent - format_.precision + 1)
    for format_ in (BFLOAT16, FLOAT16)
    for k in (1, 3, 5, 9, 21, 93)
]
EXTREMES = (1e-8, 1e-20, 1e-40, 1e-300, 1e5, 1e10, 1e30, 1e38, 1e300)


def sorted_points(points: Iterable[float]) -> list[float]:
    """Ascending, each once, -0 before +0."""
    return [float(x) for x in sorted(set(map(_Signed, points)))]


class _Signed(float):
    """A float that tells -0 from +0."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and _signed_key(self) == _signed_key(other)

    def __lt__(self, other: float) -> bool:
        return _signed_key(self) < _signed_key(other)

    def __hash__(self) -> int:
        return hash(_signed_key(self))


def _signed_key(x: float) -> tuple[float, float]:
    return (float(x), math.copysign(1.0, x))


def _both_signs(magnitudes: Iterable[float]) -> Iterator[float]:
    for magnitude in magnitudes:
        yield from (-magnitude, magnitude)


def special() -> list[float]:
    return [-math.inf, -0.0, 0.0, math.inf]


def coarse() -> list[float]:
    """About eighty numbers, most of which float16 and bfloat16 hold."""
    middle = [k / 4 for k in range(1, 17)] + [5.0, 6.0, 7.5, 10.0, 14.0, 20.0, 28.0, 32.0, 40.0]
    wide = [2.0**-7, 2.0**-14, 1e-5, 1e-20, 1e-300, 1e3, 1e5, 1e30, 1e300]
    return [*special(), *_both_signs([*middle, *wide]), *TAILS]


def dense() -> list[float]:
    """About four hundred: whole exponent ranges, denser within [-40, 40], tails, random ones."""
    middle = [k / 8 for k in range(1, 33)] + [k / 2 for k in range(9, 33)] + [*range(17, 41, 2)]
    exponents = [*range(-24, 16), *range(-133, 128, 20), *range(-1074, 1024, 150)]
    powers = [math.ldexp(1.5 if k % 2 else 1.0, k) for k in exponents if k != -1]
    tails = [tail * (1 + k * 2.0**-9) for tail in TAILS for k in (-1, 0, 1)]
    return [
        *coarse(),
        *_both_signs([*middle, *powers, *HALF_WAY, *EXTREMES]),
        *tails,
        *_random(),
    ]


def _random() -> Iterator[float]:
    generator = random.Random(SEED)
    for _ in range(16):
        yield FLOAT32.around(generator.uniform(-20, 20))[1]
        yield generator.uniform(-8, 8)
        yield generator.uniform(-100, 100)
        yield math.ldexp(generator.uniform(-1, 1), generator.randrange(-60, 8))


def around(places: Iterable[float], formats: Sequence[Format] = FORMATS) -> list[float]:
    """The neighbours of each place in each format."""
    return [x for place in places for format_ in formats for x in format_.around(place)]


def roots(function: Evaluator) -> list[float]:
    """Where a quantity changes sign between quarters of [-16, 16], to the nearest double below.

    Of many places, those nearest to 0: an oscillation does not get harder farther out.
    """
    grid = [k / 4 + 2.0**-30 for k in range(-64, 65)]
    signs = [enclose(function, [x]).sign for x in grid]
    brackets = [
        (low, high)
        for low, high, left, right in zip(grid, grid[1:], signs, signs[1:], strict=False)
        if left and right and left != right
    ]
    nearest = sorted(brackets, key=lambda bracket: abs(sum(bracket)))[:MOST_ROOTS]
    return [_bisect(function, low, high) for low, high in sorted(nearest)]


def _bisect(function: Evaluator, low: float, high: float) -> float:
    left = enclose(function, [low]).sign
    while True:
        middle = low + (high - low) / 2
        if middle in (low, high):
            return low
        if enclose(function, [middle]).sign == left:
            low = middle
        else:
            high = middle


def argument_sets(activation: Activation) -> list[dict[str, float]]:
    """The defaults, then others: smaller, larger, and zero or negative where that is allowed.

    All parameters move together, so that parameters that keep an order by default keep it.
    """
    numbers = activation.numbers
    if not numbers:
        return [{}]
    moves = [(0.5, -0.25), (3.0, 0.75), (1.3, 1.7)]
    sets = [activation.defaults]
    sets += [{p.name: _moved(p, scale, shift) for p in numbers} for scale, shift in moves]
    if len(numbers) == 1:
        sets.append({numbers[0].name: _zero_or_negative(numbers[0])})
    unique = {tuple(arguments.items()): arguments for arguments in sets}
    return list(unique.values())


def _moved(parameter: Parameter, scale: float, shift: float) -> float:
    # Infinity is a bound that is not there: this brings it near.
    is_absent = math.isinf(parameter.default)
    default = math.copysign(4.0, parameter.default) if is_absent else parameter.default
    moved = default * scale if default else shift
    return moved if parameter.allows(moved) else _toward_bound(parameter, moved)


def _toward_bound(parameter: Parameter, beyond: float) -> float:
    """Between the default and the bound that `beyond` is past, or the default without one."""
    bound = parameter.low if beyond < parameter.default else parameter.high
    return (parameter.default + bound) / 2 if math.isfinite(bound) else parameter.default


def _zero_or_negative(parameter: Parameter) -> float:
    if parameter.low == 0 and parameter.allows(0):
        return 0.0
    opposite = -0.75 * parameter.default
    return opposite if parameter.allows(opposite) else parameter.default


def pair_points(kinks: Sequence[float]) -> list[tuple[float, float]]:
    """Gates with values that vary along with them, and each special number on either side."""
    generator = random.Random(SEED)
    values = (1.0, -1.5, 0.7578125, -3.0, generator.uniform(0, 8), -1e-20, 1e10)
    tails = [tail * (1 + k * 2.0**-9) for tail in TAILS for k in (0, 1)]
    gates = sorted_points([*coarse(), *tails, *around(kinks), *_random()])
    points = [
        (gate, values[(index + turn) % len(values)])
        for index, gate in enumerate(gates)
        for turn in (0, 3)
    ]
    points += [(gate, value) for gate in (-2.5, -0.25, 0.75, 30.0) for value in special()]
    return points


@dataclass(frozen=True)
class RowCase:
    x: tuple[float, ...]
    upstream: tuple[float, ...]
    arguments: Mapping[str, float] = field(default_factory=dict)
    mask: tuple[int, ...] | None = None  # 0 leaves an element out
    bias: tuple[float, ...] | None = None  # what is added to each element
    seed: int | None = None  # of an activation that is random
    offset: int = 0

    def kept(self, sequence: Sequence[float]) -> tuple[float, ...]:
        """Of a sequence as long as the row, what is not left out."""
        mask = self.mask or (1,) * len(sequence)
        return tuple(item for item, keep in zip(sequence, mask, strict=True) if keep)


ROW_LENGTHS = (1, 2, 3, 5, 8, 9, 17, 64, 257)
STYLES_OF_LONG_ROWS = {64: 7, 257: 4}
# Rows under arguments other than the defaults, and rows with elements left out.
FEWER_LENGTHS = (1, 3, 8, 19, 40)
FEWER_STYLES = 5


def row_cases(activation: Activation) -> list[RowCase]:
    """Rows of every length, with the upstream of their outputs."""
    generator = random.Random(SEED)
    sets = argument_sets(activation)
    cases = [
        RowCase(x, _upstream(generator, activation, x), sets[0])
        for x in _rows(ROW_LENGTHS, STYLES_OF_LONG_ROWS, generator)
    ]
    fewer = dict.fromkeys(FEWER_LENGTHS, FEWER_STYLES)
    for arguments in sets[1:]:
        for x in _rows(FEWER_LENGTHS, fewer, generator):
            cases.append(RowCase(x, _upstream(generator, activation, x), arguments))
    if any(p.type == "mask" for p in activation.parameters):
        for x in _rows(FEWER_LENGTHS[1:], fewer, generator):
            mask = (1, *(generator.randrange(2) for _ in x[1:]))
            cases.append(RowCase(x, _upstream(generator, activation, x), sets[0], mask))
    if activation.has_bias:
        for x in _rows(FEWER_LENGTHS[1:], fewer, generator):
            upstream = _upstream(generator, activation, x)
            cases.append(RowCase(x, upstream, sets[0], bias=_bias(generator, x)))
    if activation.is_random:
        return [
            replace(case, seed=index * 2**43, offset=index * 1000) if index % 7 else case
            for index, case in enumerate(cases)
        ]
    return cases


def _rows(
    lengths: Sequence[int], most_styles: Mapping[int, int], generator: random.Random
) -> Iterator[tuple[float, ...]]:
    for length in lengths:
        styles = list(_row_styles(length, generator))
        for x in styles[: most_styles.get(length, len(styles))]:
            yield tuple(x)


def _upstream(
    generator: random.Random, activation: Activation, x: Sequence[float]
) -> tuple[float, ...]:
    length = output_length(activation.row_shape, len(x))
    return tuple(_eighths(generator, 2) or 0.625 for _ in range(length))


def _bias(generator: random.Random, x: Sequence[float]) -> tuple[float, ...]:
    """Numbers that change the order of the elements, -infinity and what a double cannot hold."""
    choices = (0.0, 2.0**-60, -math.inf, *(_eighths(generator, 4) for _ in range(5)))
    return (0.75, *(generator.choice(choices) for _ in x[1:]))


def _row_styles(length: int, generator: random.Random) -> Iterator[list[float]]:
    """Rows that differ in spread and offset; most of them fit float16 and bfloat16."""

    def gap(size: float) -> list[float]:
        top = generator.randrange(length)
        return [0.5 if i == top else _eighths(generator, 1) - size for i in range(length)]

    yield [_eighths(generator, 4) for _ in range(length)]
    yield gap(40)
    yield [generator.gauss(0, 3) for _ in range(length)]
    yield [-1024 + _eighths(generator, 8) for _ in range(length)]
    yield gap(17)
    yield gap(700)
    yield [generator.randrange(-40, 41) * 32.0 for _ in range(length)]
    yield [1.75] * length
    yield [1e12 + _eighths(generator, 16) for _ in range(length)]
    yield [math.ldexp(generator.uniform(-1, 1), -60) for _ in range(length)]
    if length > 1:
        yield [-math.inf if i % 3 == 1 else _eighths(generator, 4) for i in range(length)]


def _eighths(generator: random.Random, bound: int) -> float:
    return generator.randint(-8 * bound, 8 * bound) / 8
