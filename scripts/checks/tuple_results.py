"""Finds tuples that are the result of a task, an async function or an async closure.

It reads Swift without its grammar: comments and strings are blanked, brackets are matched, and the
words around them decide. What it cannot see is a tuple whose type is inferred through several calls;
the examples at the end say what it does see. Run by scripts/lint.
"""
import re
import sys
from pathlib import Path

PAIRS = {"(": ")", "[": "]", "{": "}"}
# Words before a brace that is no closure's and no function's.
BLOCKS = re.compile(r"\b(if|else|for|while|repeat|do|catch|switch|guard|defer)\b[^{}]*$")
DECLARATION = re.compile(
    r"\b(func|init|deinit|struct|class|enum|actor|extension|protocol|subscript|macro)\b[^{};]*$")
ACCESSOR = re.compile(r"\b(get|set|willSet|didSet|_read|_modify)(\s+async)?(\s+throws)?\s*$")
BOXES = ("Task", "TaskGroup", "ThrowingTaskGroup", "CheckedContinuation", "UnsafeContinuation",
         "AsyncStream", "AsyncThrowingStream")
# What runs the closure behind it as a task.
TASKS = re.compile(r"(\baddTask(UnlessCancelled)?|\bTask(\.detached)?|\bsideBySide|"
                   r"\boutcomesSideBySide|\binShares)\s*(\([^{}]*\)\s*)?$")


def blanked(text):
    """The text with comments and the insides of strings blanked; lines and columns stay."""
    out, at, size = list(text), 0, len(text)

    def blank(begin, end):
        for index in range(begin, min(end, size)):
            if out[index] != "\n":
                out[index] = " "

    while at < size:
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = size if end < 0 else end
            blank(at, end)
            at = end
        elif text.startswith("/*", at):
            depth, end = 1, at + 2
            while end < size and depth:
                if text.startswith("/*", end):
                    depth, end = depth + 1, end + 2
                elif text.startswith("*/", end):
                    depth, end = depth - 1, end + 2
                else:
                    end += 1
            blank(at, end)
            at = end
        elif (string := re.compile(r'(#*)("""|")').match(text, at)):
            pounds, quote = string.groups()
            closing, escape = quote + pounds, "\\" + pounds
            end = string.end()
            while end < size and not text.startswith(closing, end):
                if text.startswith(escape + "(", end):
                    # An interpolation may hold strings of its own.
                    end, depth = end + len(escape) + 1, 1
                    while end < size and depth:
                        if text[end] == '"':
                            inner = text.find('"', end + 1)
                            end = size if inner < 0 else inner
                        depth += {"(": 1, ")": -1}.get(text[end], 0) if end < size else 0
                        end += 1
                elif text.startswith(escape, end):
                    end += len(escape) + 1
                else:
                    end += 1
            blank(string.end(), end)
            at = end + len(closing)
        else:
            at += 1
    return "".join(out)


def matched(text):
    """For each opening bracket where it closes, and for each position the brackets around it."""
    closes, stack = {}, []
    for at, character in enumerate(text):
        if character in PAIRS:
            stack.append(at)
        elif character in PAIRS.values():
            while stack and PAIRS[text[stack[-1]]] != character:
                stack.pop()
            if stack:
                closes[stack.pop()] = at
    return closes


def parts(text, closes, opening):
    """How many parts the bracket has: its commas outside other brackets, and one."""
    at, count, angle = opening + 1, 1, 0
    while at < closes[opening]:
        if at in closes:
            at = closes[at]
        elif text[at] == "<" and re.match(r"\w", text[at - 1]):
            angle += 1
        elif text[at] == ">" and angle and text[at - 1] != "-":
            angle -= 1
        elif text[at] == "," and not angle:
            count += 1
        at += 1
    return count


class Source:
    def __init__(self, text, aliases=()):
        self.text = blanked(text)
        self.closes = matched(self.text)
        self.aliases = aliases
        self.found = []

    def find(self, at, what):
        line = self.text.count("\n", 0, at) + 1
        if (line, what) not in self.found:
            self.found.append((line, what))

    def is_tuple_type(self, at):
        """Whether a tuple's type stands there, by itself or by another name."""
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        named = re.compile(r"[A-Za-z_][\w.]*").match(self.text, at)
        if named:
            return named.group().removesuffix(".self").split(".")[-1] in self.aliases
        if at not in self.closes or self.text[at] != "(":
            return False
        after = self.text[self.closes[at] + 1:].lstrip()
        if re.match(r"(->|async\b|throws\b|rethrows\b)", after):
            return False
        if parts(self.text, self.closes, at) > 1:
            return True
        return self.is_tuple_type(at + 1)

    def enclosing(self, at):
        """The braces around a position, the innermost first."""
        around = [o for o, c in self.closes.items() if o < at < c and self.text[o] == "{"]
        return sorted(around, reverse=True)

    def head(self, brace):
        """What stands before a brace, back to the end of what came before."""
        begin, depth = brace, 0
        while begin > 0:
            character = self.text[begin - 1]
            if character in ")]":
                depth += 1
            elif character in "([":
                if not depth:
                    break
                depth -= 1
            elif character in "{};" and not depth:
                break
            begin -= 1
        return self.text[begin:brace]

    def asynchronous_closure(self, at):
        """Whether what ends at a position is an async closure's."""
        for brace in self.enclosing(at):
            head = self.head(brace)
            last = head.rstrip().split("\n")[-1]
            if TASKS.search(head):
                return True
            if DECLARATION.search(head) or ACCESSOR.search(head):
                return False
            if re.match(r"\s*(\}\s*)?(if|else|for|while|repeat|do|catch|switch|guard|defer|case)\b",
                        last) or BLOCKS.search(last):
                continue
            if re.search(r"\bvar\s+\w+\s*:[^=]*$", head):
                return False
            body = self.text[brace:self.closes[brace]]
            # What closures in it await is theirs.
            return re.search(r"\bawait\b", body) is not None
        return False

    def check(self):
        for arrow in re.finditer(r"\basync(\s+(throws|rethrows)(\s*\([\w.]+\))?)?\s*->", self.text):
            if self.is_tuple_type(arrow.end()):
                self.find(arrow.start(), "an async function or closure returns a tuple")
        for of in re.finditer(r"\bwith(Throwing)?TaskGroup\s*\(\s*of\s*:", self.text):
            if self.is_tuple_type(of.end()):
                self.find(of.start(), "a task of a group returns a tuple")
        for box in re.finditer(r"\b(" + "|".join(BOXES) + r")\s*<", self.text):
            if self.is_tuple_type(box.end()):
                self.find(box.start(), f"a {box.group(1)} of a tuple")
        for binding in re.finditer(r"\basync\s+let\s*\(", self.text):
            self.find(binding.start(), "async let takes a tuple apart")
        for getter in re.finditer(r"\bget\s+async\b", self.text):
            for brace in self.enclosing(getter.start())[:1]:
                typed = re.search(r"(:|->)\s*(?=[^:{}]*$)", self.text[:brace].rstrip() + " ")
                if typed and self.is_tuple_type(typed.end()):
                    self.find(getter.start(), "an async property is a tuple")
        for opening, closing in self.closes.items():
            if self.text[opening] != "(" or parts(self.text, self.closes, opening) < 2:
                continue
            before = self.text[:opening].rstrip()
            after = self.text[closing + 1:].lstrip()
            is_returned = re.search(r"\breturn$", before) is not None
            # Where the last of a closure's parameters ends, or the closure begins.
            is_all = after.startswith("}") and (before.endswith("{") or
                                                re.search(r"\bin$", before) is not None)
            starts_line = "\n" in self.text[len(before):opening]
            is_last = after.startswith("}") and starts_line and \
                not re.search(r"[,(\[=:?+\-*/&|<>]$|\b(in|return|try|await|\w)$", before)
            if not (is_returned or is_all or is_last) or after.startswith((".", "?", "in ")):
                continue
            if self.asynchronous_closure(opening):
                self.find(opening, "an async closure returns a tuple")
        return sorted(self.found)


def aliases_of(text):
    """The names that stand for tuples."""
    source = Source(text)
    found = set()
    for alias in re.finditer(r"\btypealias\s+(\w+)\s*(<[^=]*>)?\s*=", source.text):
        if source.is_tuple_type(alias.end()):
            found.add(alias.group(1))
    return found


BAD = [
    "func f() async -> (Int, Int) { (1, 2) }",
    "func f() async throws -> (Int, Int) { (1, 2) }",
    "func f() async throws(Failure) -> (\n    first: Int,\n    second: [Int: String]\n) { g() }",
    "func f() async -> (Int, Int)? { nil }",
    "let f: @Sendable (Int) async throws -> (Int, Result<Int, any Error>) = g",
    "protocol P { func f(_ a: Int) async -> (Int, Int) }",
    "await withTaskGroup(of: (Int, Int).self) { group in }",
    "try await withThrowingTaskGroup(\n    of: (Int, Result<Group, any Error>).self\n) { _ in }",
    "func f(in group: inout TaskGroup<(Int, Int)>) {}",
    "let task: Task<(Int, Int), Never>",
    "await withCheckedContinuation { (c: CheckedContinuation<(Int, Int), Never>) in keep(c) }",
    "async let (a, b) = f()",
    "group.addTask { (index, try await work(element)) }",
    "group.addTask {\n    return (index, try await work(element))\n}",
    "group.addTask {\n    do { return (id, .success(try await read(id))) } "
    "catch { return (id, .failure(error)) }\n}",
    "group.addTask { [self] in\n    let x = try await work()\n    return (index, x)\n}",
    "let a = Task { (1, await f()) }",
    "let a = Task.detached(priority: .low) { (1, await f()) }",
    "let all = try await sideBySide(ids, width: 4) { id in (id, try await read(id)) }",
    "let all = try await sideBySide(ids, width: 4) { id in\n    let x = try await read(id)\n"
    "    return (id, x)\n}",
    "let all = try await sideBySide(ids, width: 4) { id in\n    let x = try await read(id)\n"
    "    (id, x)\n}",
    "let f = { (id: Int) in\n    if id > 0 { return (id, try await read(id)) }\n"
    "    return (id, 0)\n}",
    "typealias Page = (items: [Int], token: String?)\nfunc f() async throws -> Page { try await g() }",
    "typealias Page<Item> = (items: [Item], token: String?)\n"
    "func f<Item>(read: () async throws -> Page<Item>) {}",
    "typealias Page = (Int, Int)\nlet group = await withTaskGroup(of: Page.self) { _ in }",
    "typealias Page = (Int, Int)\nlet read: (Int) async throws -> Reader.Page = f",
    "var pair: (Int, Int) { get async { (1, await f()) } }",
]
GOOD = [
    "func f() -> (Int, Int) { (1, 2) }",
    "func f() async -> [(Int, Int)] { [] }",
    "func f() async -> Int { let (a, b) = (1, 2); return a + b }",
    "func f() async throws -> () { try await g((1, 2)) }",
    "func f() async -> (Int) { 1 }",
    "func f() async -> (Int, Int) -> Int { { $0 + $1 } }",
    "func f() async -> Pair<Int, Int> { Pair(1, 2) }",
    "await withTaskGroup(of: Finished<Int, Int>.self) { group in }",
    "await withTaskGroup(of: Void.self) { group in }",
    "let task: Task<Void, Never>",
    "group.addTask { Finished(index: index, result: await work()) }",
    "group.addTask {\n    let pairs = all.map { ($0, 1) }\n    return pairs\n}",
    "group.addTask { await work(index, (1, 2)) }",
    "group.addTask {\n    for (a, b) in pairs { try await work(a, b) }\n}",
    "let sorted = all.sorted { ($0.a, $0.b) < ($1.a, $1.b) }",
    "let pairs = await read().map { ($0.id, $0) }",
    "let pairs = state.withLock { ($0.a, $0.b) }",
    "func f() async { let pair = lock.withLock { state in (state.a, state.b) }; await g(pair) }",
    "func f() async -> Int {\n    func g() -> (Int, Int) { return (1, 2) }\n    return await h(g())\n}",
    "// func f() async -> (Int, Int)\nlet a = 1",
    'let text = "group.addTask { (a, await b) } async -> (Int, Int)"',
    'let text = """\n    async let (a, b) = f()\n    """',
    "typealias Read = (Int, Int) async -> Int\nfunc f() async -> Read { g }",
    "typealias Page = (Int, Int)\nfunc f() -> Page { (1, 2) }",
    "let f: @Sendable (Int, Int) async throws -> Int = g",
    "async let a = f(1, 2)",
    "let names = try await sideBySide(ids, width: 4) { id in try await read(id, 1) }",
    "var pair: (Int, Int) { (1, 2) }",
]


def test_self():
    wrong = 0
    for examples, expected in ((BAD, True), (GOOD, False)):
        for text in examples:
            if bool(Source(text, aliases_of(text)).check()) != expected:
                wrong += 1
                print(f"lint {'passes' if expected else 'flags'} this wrongly:\n{text}\n")
    if wrong:
        sys.exit(f"{wrong} of {len(BAD) + len(GOOD)} examples are judged wrongly")
    print(f"lint: {len(BAD)} bad examples flagged, {len(GOOD)} good ones passed")


def main(paths):
    files = []
    for path in map(Path, paths):
        files += sorted(path.rglob("*.swift")) if path.is_dir() else [path]
    texts = {path: path.read_text() for path in files}
    own = {path: aliases_of(text) for path, text in texts.items()}
    # A name that is a type of its own elsewhere means the tuple in its own file only.
    types = {name for text in texts.values()
             for name in re.findall(r"\b(?:struct|enum|class|actor|protocol)\s+(\w+)", blanked(text))}
    everywhere = set().union(*own.values()) - types
    count = 0
    for path, text in texts.items():
        for line, what in Source(text, everywhere | own[path]).check():
            count += 1
            print(f"{path}:{line}: {what}: in release its first part may be lost. "
                  "Return a struct that is made after the last await.")
    if count or not files:
        sys.exit(f"{count} found" if files else "no files were read")
    print(f"lint: no tuple comes out of anything asynchronous in {len(files)} files")


if sys.argv[1:] == ["--self-test"]:
    test_self()
else:
    main(sys.argv[1:])
