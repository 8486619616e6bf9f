"""The rule about `workings`, which are recomputed: arithmetic only, no names but those given, bounded in size."""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from studyguide.checks.common import unvetted_cards
from studyguide.content.models import Working
from studyguide.content.read import Content
from studyguide.problems import Problem


class FormulaError(ValueError):
    """A formula that cannot be computed; the text says what was found."""


def normal_cdf(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def binom_cdf(k: float, n: float, p: float) -> float:
    """The probability of at most ``k`` successes in ``n`` trials of probability ``p``."""
    if n > 10_000 or not 0 <= p <= 1:
        raise FormulaError("a binomial distribution with more than 10,000 trials or an impossible probability")
    return math.fsum(math.comb(int(n), i) * p**i * (1 - p) ** (n - i) for i in range(int(k) + 1))


FUNCTIONS: dict[str, Callable[..., float]] = {
    name: getattr(math, name) for name in ("sqrt", "log", "log2", "log10", "exp", "ceil", "floor", "comb")
} | {"min": min, "max": max, "abs": abs, "round": round, "normal_cdf": normal_cdf, "binom_cdf": binom_cdf}

_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_LARGEST = 1e18
_NUMBER = re.compile(r"^[^\d\-+.]{0,2}(?P<number>[-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+)")


def values(workings: Iterable[Working]) -> Iterator[tuple[Working, float | FormulaError]]:
    """Each line of arithmetic with its value, or with what is wrong; a formula may use the names of lines before it."""
    names: dict[str, float] = {}
    for working in workings:
        try:
            value = evaluate(working.formula, names)
        except FormulaError as error:
            yield working, error
            continue
        if working.name:
            names[working.name] = value
        yield working, value


def evaluate(formula: str, names: Mapping[str, float]) -> float:
    """The value of a formula. Raises `FormulaError` for anything but bounded arithmetic."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "1if" is a remark of Python's to programmers, not to authors
            tree = ast.parse(formula.strip(), mode="eval")
        value = _value(tree.body, names)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise FormulaError("something that is not arithmetic") from error
    except ZeroDivisionError as error:
        raise FormulaError("a division by zero") from error
    except (OverflowError, ValueError, TypeError) as error:
        if isinstance(error, FormulaError):
            raise
        raise FormulaError(f"a value that does not exist ({error})") from error
    return value


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name):
            raise FormulaError(f"the unknown name '{name}'")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            first, second = _value(left, names), _value(right, names)
            if isinstance(op, ast.Pow) and (abs(second) > 400 or abs(first) > _LARGEST):
                raise FormulaError("a power that is too large")
            return _bounded(_BINARY[type(op)](first, second))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            values = [_value(argument, names) for argument in arguments]
            if name == "comb" and any(value > 10_000 for value in values):
                raise FormulaError("a combination that is too large")
            return _bounded(FUNCTIONS[name](*values))
    raise FormulaError(f"'{ast.unparse(node)[:40]}', which is not arithmetic")


def _bounded(value: float) -> float:
    if isinstance(value, complex) or not abs(value) <= _LARGEST:
        raise FormulaError("a number that is too large or not real")
    return value


def printed_number(result: str) -> str | None:
    """The number at the start of a result such as ``$1,250 a day``, without its separators."""
    match = _NUMBER.match(result.strip())
    return match["number"].replace(",", "").lstrip("+") if match else None


def rounds_to(value: float, printed: str) -> bool:
    """Whether ``value``, rounded to the digits that ``printed`` shows, is ``printed`` (either rule for halves)."""
    shown = Decimal(printed)
    step = Decimal(1).scaleb(int(shown.as_tuple().exponent))
    exact = Decimal(repr(float(value)))
    enough = Context(prec=400)  # digits; the default of 28 refuses a result printed with more
    return any(
        exact.quantize(step, rounding=rule, context=enough) == shown for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)
    )


def workings_are_right(content: Content) -> Iterator[Problem]:
    """The arithmetic of a card is recomputed, so that nobody says a wrong number aloud.

    Bad: `{formula: 1_000_000 / 86_400, result: 12.6 requests a second}`.
    Good: `{formula: 1_000_000 / 86_400, result: 11.6 requests a second}`.
    """
    for item in unvetted_cards(content):
        for index, (working, value) in enumerate(values(item.value.workings)):
            if isinstance(value, FormulaError):
                message = f"must be arithmetic over numbers and earlier names, found {value}: correct the formula"
                yield item.problem("arithmetic", message, "workings", index, "formula")
                continue
            printed = printed_number(working.result)
            if printed is None:
                message = (
                    f"must begin with a number, found '{working.result[:30]}': put the number first, then its unit"
                )
                yield item.problem("arithmetic", message, "workings", index, "result")
            elif not rounds_to(value, printed):
                message = f"must be what the formula gives ({value:,.6g}), found {printed}: correct one of them"
                yield item.problem("arithmetic", message, "workings", index, "result")
