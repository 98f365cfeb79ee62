"""Grades as systems write them: 09, 9.0, 9th, Grade 9, Ninth grade; KG, 0; PK4, Pre-K, TK, -1."""

import re

_AROUND = re.compile(r"^(grade|gr[.]?|year|grado|jahrgang|klasse)\s*|\s*(grade|grado)$")
_NUMBER = re.compile(r"0*(\d{1,2})([.]0+)?(st|nd|rd|th|º|°|o)?")
_K = re.compile(r"0?k|kk|kg|kf|kp|kn|kdg|kinder(garten)?")
_PK = re.compile(
    r"-[1-4]([.]0+)?|p(re?)?[ -]?k(indergarten)?[ -]?[34]?|p[34]|preschool(/prekindergarten)?"
    r"|t[ -]?k|transitional kindergarten|ps|ec|ecse|early education"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_WORDS = {word: str(n) for n, word in enumerate(_ORDINALS.split(), start=1)}


def grade_of(value: str) -> str:
    """PK, K or 1 to 12; '' when it is no grade."""
    plain = _AROUND.sub("", value.strip().lower())
    number = _NUMBER.fullmatch(plain)
    if number and int(number[1]) <= 12:
        return str(int(number[1])) if int(number[1]) else "K"
    if _K.fullmatch(plain):
        return "K"
    return "PK" if _PK.fullmatch(plain) else _WORDS.get(plain, "")
