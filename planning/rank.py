"""Keys that order rows: between any two there is always another, so moving one row writes one row.

After D. Greenspan, "Implementing fractional indexing" (2020), without its integer part: rows are few.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def between(before: str, after: str) -> str:
    """A key that sorts (in C order) after `before` and before `after`; "" stands for the start or the end.

    Behind the last, by one digit: rows are mostly added there, and halving would make thousands of them long keys.
    """
    key = ""
    at_the_end = bool(before) and not after
    bounded = bool(after)
    for place in range(len(before) + len(after) + 1):
        low = DIGITS.index(before[place]) if place < len(before) else 0
        high = DIGITS.index(after[place]) if bounded and place < len(after) else len(DIGITS)
        if high - low > 1:
            return key + DIGITS[low + 1 if at_the_end else (low + high) // 2]
        key += DIGITS[low]
        if low < high:
            bounded = False
    return key + DIGITS[len(DIGITS) // 2]


def spread(count: int) -> list[str]:
    """`count` keys in order, for rows that arrive together."""
    width = 1
    while len(DIGITS) ** width <= count:
        width += 1
    step = len(DIGITS) ** width // (count + 1)
    return [_digits((index + 1) * step, width) for index in range(count)]


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, len(DIGITS))
        out = DIGITS[digit] + out
    return out.rstrip("0") or DIGITS[1]
