#!/usr/bin/env python3
"""Prints how many branches of runtime/ a build with TWOWAY_COVERAGE has taken, a folder a line; 1 below a threshold.

usage: branches.py BUILD [--list PREFIX | --part]
  --list names the branches under PREFIX that no test takes
  --part: only a part of the tests ran, so the whole runtime is not judged

A branch is a way out of a condition, as gcov counts them (an `a && b` has four). A function that was compiled for
several types, or in several files, counts once: what one of them takes is taken. Left out are
- calls, which have two ways out for gcov because an exception may leave them, and whether a handler fits an exception
- the failing side of assert()
- what the compiler makes of its own: lines without a condition, and what only an exception on its way to a handler
  reaches (of `a ? f("x") : b`, whether the text "x" was made when f threw). A handler itself counts
- in a switch without `default:` the way that the compiler makes for values which the enumeration does not have
- lines that end in `// unreachable: REASON`; how many there are is printed
"""
import collections
import concurrent.futures
import functools
import pathlib
import re
import sys

import flow

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Percent of the branches, by prefix of the path.
THRESHOLDS = {
    "runtime/": 90,
    "runtime/lens/": 100,
    "runtime/transform/residue": 100,
    "runtime/journal/": 100,
    "runtime/migrate/digest": 100,
}


@functools.lru_cache(maxsize=None)
def path_in_runtime(path):
    """The file that the compiler means, from the project's root; None where it is no file of the runtime.

    The compiler may have known the root by another name (a link to it; a cache of objects that serves several clones),
    so the longest end of the path that is a file here counts, whatever stands before it.
    """
    parts = [part for part in pathlib.PurePath(path).parts if part not in ("..", "/")]
    for first in range(len(parts)):
        end = "/".join(parts[first:])
        if (ROOT / end).is_file():
            return end if end.startswith("runtime/") else None
    return None


def read_notes(notes):
    """What one object says: [(path, line, (function, number of branches), [taken...])]."""
    found = []
    for function, count in flow.functions(notes, "/runtime/"):
        entered = function.entered(is_handler)
        lines = collections.defaultdict(list)
        for block, places in function.lines.items():
            ways = [arc for arc in function.ways[block] if not arc.flags & flow.FAKE]
            if block in entered and len(ways) > 1 and not function.is_call(block):
                lines[places[-1]] += [count.get(arc, 0) > 0 for arc in ways]
        for (name, number), branches in lines.items():
            path = path_in_runtime(name)
            if path:
                found.append((path, number, (function.position.split(":", 1)[1], len(branches)), branches))
    return found


def collect(build):
    """{(path, line): {(function, number of branches): [taken...]}}: types may give a line more branches or fewer."""
    # A compiler that was interrupted leaves notes without an object.
    all_notes = sorted(path for path in build.rglob("*.gcno") if path.with_suffix(".o").exists())
    if not all_notes:
        sys.exit(f"{build}: no .gcno here; configure it with -DTWOWAY_COVERAGE=ON and build")
    lines = collections.defaultdict(dict)
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for found in pool.map(read_notes, all_notes):
            for path, number, shape, branches in found:
                known = lines[path, number].get(shape, [False] * len(branches))
                lines[path, number][shape] = [a or b for a, b in zip(known, branches)]
    return lines


class Source:
    """What has to be known of a file's text."""

    def __init__(self, path):
        self.lines = (ROOT / path).read_text().splitlines()
        # The lines of handlers, with those of their braces.
        self.handlers = set()
        for first, line in enumerate(self.lines, 1):
            begin = re.match(r"( *)} catch \(", line)
            if begin:
                after = range(first + 1, len(self.lines) + 1)
                last = next(number for number in after if self.lines[number - 1].startswith(begin[1] + "}"))
                self.handlers |= set(range(first, last + 1))

    def is_no_condition(self, number):
        line = re.sub(r'"(\\.|[^"\\])*"', '""', self.lines[number - 1].split("//")[0])
        if re.match(r"\s*(assert\(|} catch \()", line):
            return True
        return not re.search(r"\b(if|for|while|switch|case|default)\b|[?]|&&|[|][|]", line)

    def is_left_out(self, number):
        return re.search(r"// unreachable: \S", self.lines[number - 1])

    def has_switch_without_default(self, number):
        if not re.search(r"\bswitch \(", self.lines[number - 1]):
            return False
        indent = re.match(r"\s*", self.lines[number - 1]).group()
        for line in self.lines[number:]:
            if line.startswith(indent + "}"):
                return True
            if line.strip().startswith("default:"):
                return False
        return True


@functools.lru_cache(maxsize=None)
def source_of(path):
    return Source(path)


def is_handler(name, number):
    path = path_in_runtime(name)
    return path is not None and number in source_of(path).handlers


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[:3] if parts[1] == "store" and len(parts) > 3 else parts[:2]) + "/"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    part = sys.argv[2:] == ["--part"]
    wanted = sys.argv[3] if len(sys.argv) == 4 and sys.argv[2] == "--list" else None
    lines = collect(build)
    totals = collections.defaultdict(lambda: [0, 0])
    left_out = 0
    for (path, number), shapes in sorted(lines.items()):
        source = source_of(path)
        if number > len(source.lines):
            sys.exit(f"{path} has changed since {build} was built: build it again")
        if source.is_no_condition(number):
            continue
        if source.is_left_out(number):
            left_out += 1
            continue
        all_ways = sum(len(shape) for shape in shapes.values())
        if source.has_switch_without_default(number):
            all_ways -= len(shapes)
        taken = min(all_ways, sum(sum(shape) for shape in shapes.values()))
        for name in {folder_of(path)} | {prefix for prefix in THRESHOLDS if path.startswith(prefix)}:
            totals[name][0] += taken
            totals[name][1] += all_ways
        if wanted and path.startswith(wanted) and taken < all_ways:
            print(f"{path}:{number}: {taken} of {all_ways}  {source.lines[number - 1].strip()}")
    if wanted:
        return 0
    failed = False
    print(f"{'branches':34}{'taken':>8}{'of':>8}{'%':>8}{'at least':>10}")
    for name, (taken, of) in sorted(totals.items()):
        percent = 100 * taken / of
        least = None if part and name == "runtime/" else THRESHOLDS.get(name)
        print(f"{name:34}{taken:8}{of:8}{int(percent * 10) / 10:8.1f}{'' if least is None else least:>10}")
        if least is not None and percent < least:
            failed = True
            print(f"too few branches of {name} are tested; tests/coverage/branches.py {sys.argv[1]} --list {name}",
                  file=sys.stderr)
    print(f"left out as unreachable: {left_out} lines")
    missing = [prefix for prefix in THRESHOLDS if prefix not in totals]
    if missing:
        print(f"nothing was measured of {', '.join(missing)}", file=sys.stderr)
    return 1 if failed or missing else 0


sys.exit(main())
