"""The ECMAScript expressions of the public SCXML suites, said in CEL.

A small operator-precedence parser reads the expression and writes it again. Three outcomes:
the CEL text; the text as it stood when it is no ECMAScript either, because a test wants an error
there; Untranslatable when it is ECMAScript that CEL has no word for.
"""

import re


class Untranslatable(Exception):
    """The document needs JavaScript or HTTP; the message says what for."""


class Malformed(Exception):
    """Not an ECMAScript expression."""


TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<name>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<mark>===|!==|==|!=|<=|>=|&&|\|\||\+\+|--|[-+*/%<>!?:.,()\[\]{}|&=;])
    )""",
    re.VERBOSE,
)

# Words and marks that make an expression JavaScript beyond CEL's reach, with the reason told.
BEYOND = {
    "function": "a JavaScript function",
    "new": "a JavaScript object",
    "delete": "a side effect in an expression",
    "++": "a side effect in an expression",
    "--": "a side effect in an expression",
    "=": "a side effect in an expression",
    ";": "a JavaScript statement",
}

# Reserved words of ECMAScript that begin no expression.
RESERVED = {"return", "var", "if", "for", "while", "throw", "break", "continue", "case"}

LEVELS = [["||"], ["&&"], ["|"], ["===", "!==", "==", "!="],
          ["<", ">", "<=", ">=", "in", "instanceof"], ["+", "-"], ["*", "/", "%"]]
LEVEL_OF = {operator: level for level, row in enumerate(LEVELS, 2) for operator in row}
TERNARY, UNARY, PRIMARY = 1, 20, 30
COMPARISONS = {"===": "==", "!==": "!="}

# What confEcma.xsl writes for "this variable begins with that text".
STARTS_WITH = re.compile(r"\(function\(str, starts\)\{.*\}\)\((\w+), (\w+)\)", re.DOTALL)


class Said:
    """A translated part: its text, how tightly it binds, and what kind of thing it is: `name` (a
    variable or a member of one), `text`, `truth` (a boolean), `told` (anything, said in a log's
    words), `type of` or `value`."""

    def __init__(self, text, level=PRIMARY, kind="value"):
        self.text = text
        self.level = level
        self.kind = kind

    def within(self, level):
        """The text, in parentheses where it binds less tightly than `level`."""
        return self.text if self.level >= level else f"({self.text})"


def tokens_of(source):
    found, position = [], 0
    while source[position:].strip():
        match = TOKEN.match(source, position)
        if not match:
            raise Malformed(source)
        found.append((match.lastgroup, match.group(match.lastgroup)))
        position = match.end()
    for _, text in found:
        if text in BEYOND:
            raise Untranslatable(BEYOND[text])
    return found + [("end", "")]


class Reader:
    """Reads the tokens of one expression."""

    def __init__(self, source):
        self.tokens = tokens_of(source)
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1]

    def take(self, expected=None):
        kind, text = self.tokens[self.at]
        if kind == "end" or expected not in (None, text):
            raise Malformed(text)
        self.at += 1
        return kind, text

    def takes(self, text):
        if self.tokens[self.at][0] in ("mark", "name") and self.peek() == text:
            self.at += 1
            return True
        return False

    def whole(self):
        said = self.expression()
        if self.tokens[self.at][0] != "end":
            raise Malformed(self.peek())
        return said

    def expression(self):
        chosen = self.binary(2)
        if not self.takes("?"):
            return chosen
        yes = self.expression()
        self.take(":")
        no = self.expression()
        return Said(f"{truth(chosen).within(2)} ? {yes.within(2)} : {no.within(TERNARY)}", TERNARY)

    def binary(self, level):
        left = self.unary()
        while LEVEL_OF.get(self.peek(), 0) >= level:
            operator = self.take()[1]
            right = self.binary(LEVEL_OF[operator] + 1)
            left = joined(left, operator, right)
        return left

    def unary(self):
        if self.takes("!"):
            operand = self.unary()
            if operand.kind == "name":
                return Said(f"{operand.text} == null", LEVEL_OF["=="], "truth")
            return Said("!" + truth(operand).within(UNARY), UNARY, "truth")
        if self.takes("-"):
            return Said("-" + self.unary().within(UNARY), UNARY)
        if self.takes("typeof"):
            return Said(self.unary().text, PRIMARY, "type of")
        return self.member()

    def member(self):
        said = self.primary()
        while True:
            if self.takes("."):
                kind, name = self.take()
                if kind != "name":
                    raise Malformed(name)
                if self.peek() == "(":
                    return call(said, name, self.arguments("(", ")"))
                said = Said(f"{said.within(PRIMARY)}.{name}", PRIMARY, "name")
            elif self.takes("["):
                index = self.expression()
                self.take("]")
                said = Said(f"{said.within(PRIMARY)}[{index.text}]", PRIMARY, "name")
            elif self.peek() == "(":
                return call(None, said.text, self.arguments("(", ")"))
            else:
                return said

    def primary(self):
        kind, text = self.take()
        if kind == "number":
            return Said("0" + text if text.startswith(".") else text)
        if kind == "string":
            return Said(text, PRIMARY, "text")
        if kind == "name" and text not in RESERVED:
            if text == "undefined":
                return Said("null")
            return Said(text, PRIMARY, "truth" if text in ("true", "false") else "name")
        if text == "(":
            inner = self.expression()
            self.take(")")
            return inner
        self.at -= 1
        if text == "[":
            return Said("[" + ", ".join(one.text for one in self.arguments("[", "]")) + "]")
        if text == "{":
            return self.mapping()
        raise Malformed(text)

    def arguments(self, opening, closing):
        self.take(opening)
        found = []
        while not self.takes(closing):
            if found:
                self.take(",")
            found.append(self.expression())
        return found

    def mapping(self):
        self.take("{")
        pairs = []
        while not self.takes("}"):
            if pairs:
                self.take(",")
            kind, key = self.take()
            if kind == "mark":
                raise Malformed(key)
            self.take(":")
            quoted = key if kind == "string" else f"'{key}'"
            pairs.append(f"{quoted}: {self.expression().text}")
        return Said("{" + ", ".join(pairs) + "}")


def joined(left, operator, right):
    level = LEVEL_OF[operator]
    if left.kind == "type of":
        if operator not in ("===", "==") or right.text not in ("'undefined'", '"undefined"'):
            raise Untranslatable("typeof")
        return Said(f"{left.text} == null", level, "truth")
    if operator == "instanceof":
        if right.text != "Array":
            raise Untranslatable("instanceof")
        return Said(f"type({left.text}) == list", LEVEL_OF["=="], "truth")
    if operator in ("&&", "||", "|"):
        # `|` of two truths: the suites mean "or".
        operator, level = ("||", LEVEL_OF["||"]) if operator == "|" else (operator, level)
        left, right = truth(left), truth(right)
        return Said(f"{left.within(level)} {operator} {right.within(level + 1)}", level, "truth")
    if operator == "+" and "told" in (left.kind, right.kind):
        # CEL has no words for a whole value; a log takes the list of what was to be joined.
        return Said(f"[{left.text}, {right.text}]")
    if operator == "+" and "text" in (left.kind, right.kind):
        parts = [one.within(level) if one.kind == "text" else f"string({one.text})"
                 for one in (left, right)]
        return Said(" + ".join(parts), level, "text")
    kind = "value" if operator in ("+", "-", "*", "/", "%") else "truth"
    operator = COMPARISONS.get(operator, operator)
    return Said(f"{left.within(level)} {operator} {right.within(level + 1)}", level, kind)


def call(owner, name, arguments):
    texts = [one.text for one in arguments]
    if owner is None and name == "In" and len(texts) == 1:
        return Said(f"In({texts[0]})", PRIMARY, "truth")
    if owner is None and name == "String" and len(texts) == 1:
        return Said(f"string({texts[0]})", PRIMARY, "text")
    if owner is not None and owner.text == "JSON" and name == "stringify" and len(texts) == 1:
        return Said(texts[0], arguments[0].level, "told")
    if owner is not None and owner.text == "Math" and name == "pow" and texts[1].isdigit():
        return Said(" * ".join([arguments[0].within(UNARY)] * int(texts[1])), LEVEL_OF["*"])
    if owner is not None and owner.text == "[]" and name == "concat":
        return Said(" + ".join(one.within(LEVEL_OF["+"]) for one in arguments), LEVEL_OF["+"])
    raise Untranslatable(f"the JavaScript function {name}")


def truth(said):
    """The part where ECMAScript would make a boolean of it."""
    if said.kind == "truth":
        return said
    if said.kind == "name":
        return Said(f"{said.text} != null", LEVEL_OF["!="], "truth")
    raise Untranslatable("JavaScript's idea of what is true")


def translate(source, is_condition):
    """One expression. Errors: Untranslatable."""
    starts = STARTS_WITH.fullmatch(source.strip())
    if starts:
        return f"{starts[1]}.startsWith({starts[2]})"
    try:
        said = Reader(source).whole()
    except Malformed:
        return source
    return (truth(said) if is_condition else said).text
