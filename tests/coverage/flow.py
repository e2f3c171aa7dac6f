"""The blocks of a function and the ways between them, as the compiler has noted and counted them for gcov.

gcov itself prints the ways out of the blocks of a line, but not which way leads where. That says which blocks only an
exception reaches: those that destroy what has been made until then. Their conditions ("has this temporary been made?")
are the compiler's. Both files are read with gcov-dump, which comes with the compiler.
"""
import collections
import re
import subprocess

# Flags of a way: its count is not stored, it follows from the others; it leaves the function (a call that may not
# return); it needs no jump.
ON_TREE, FAKE, FALL_THROUGH = 1, 2, 4
ENTRY, EXIT = 0, 1

Arc = collections.namedtuple("Arc", "source target flags")


class Function:
    def __init__(self, chunk):
        """Of what gcov-dump prints from one FUNCTION to the next of a file of notes."""
        # The same of all instances of a template; of a lambda another one than of what surrounds it.
        self.position = re.search(r"`[^']*' (\S+)", chunk)[1]
        self.arcs = []
        self.ways = collections.defaultdict(list)
        self.lines = collections.defaultdict(list)
        for block, ways, places in re.findall(r"\sblock (\d+):(?:((?: \d+:[0-9a-f]{4}\S*)+)|(`.*))", chunk):
            for target, flags in re.findall(r" (\d+):([0-9a-f]{4})", ways):
                arc = Arc(int(block), int(target), int(flags, 16))
                self.arcs.append(arc)
                self.ways[arc.source].append(arc)
            path = None
            for name, line in re.findall(r"`([^']*)'|(\d+)", places):
                path = name or path
                if line:
                    self.lines[int(block)].append((path, int(line)))

    def is_call(self, block):
        """Whether the block ends in a call that may not return: its other ways are no conditions."""
        return block != ENTRY and any(arc.flags & FAKE for arc in self.ways[block])

    def entered(self, is_handler):
        """The blocks that are reached without an exception, or after a handler (lines for which is_handler) took it."""
        work = [ENTRY] + [block for block, lines in self.lines.items() if any(is_handler(*line) for line in lines)]
        seen = set(work)
        while work:
            block = work.pop()
            by_call = self.is_call(block)
            for arc in self.ways[block]:
                by_exception = by_call and not arc.flags & FALL_THROUGH
                if not arc.flags & FAKE and not by_exception and arc.target not in seen:
                    seen.add(arc.target)
                    work.append(arc.target)
        return seen

    def solve(self, stored):
        """{way: how often it was taken}: as much comes into a block as leaves it."""
        stored = iter(stored)
        count = {arc: next(stored) for arc in self.arcs if not arc.flags & ON_TREE}
        sides = collections.defaultdict(lambda: ([], []))
        for arc in self.arcs + [Arc(EXIT, ENTRY, ON_TREE)]:
            sides[arc.source][0].append(arc)
            sides[arc.target][1].append(arc)
        work = list(sides)
        while work:
            out, into = sides[work.pop()]
            for one, other in ((out, into), (into, out)):
                missing = [arc for arc in one if arc not in count]
                if len(missing) == 1 and all(arc in count for arc in other):
                    count[missing[0]] = sum(count[arc] for arc in other) - sum(count.get(arc, 0) for arc in one)
                    work += missing[0][:2]
        return count


def dump(path):
    """What gcov-dump prints of each function, by what tells it apart from all others and from its earlier shapes."""
    text = subprocess.run(["gcov-dump", "-l", str(path)], capture_output=True, text=True, check=True).stdout
    return {re.match(r"(\w+, lineno_checksum=\w+, cfg_checksum=\w+)", chunk)[1]: chunk
            for chunk in text.split(":FUNCTION ident=")[1:]}


def functions(notes, part_of_path):
    """[(function, {way: count})] of an object's functions with lines in files whose path has that part."""
    data = notes.with_suffix(".gcda")
    counted = dump(data) if data.exists() else {}
    for key, chunk in dump(notes).items():
        if part_of_path not in chunk:
            continue
        function = Function(chunk)
        rows = re.findall(r":\s+\d+: ([\d ]+)\n", counted.get(key, ""))
        yield function, function.solve([int(number) for row in rows for number in row.split()]) if rows else {}
