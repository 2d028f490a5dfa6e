"""
Write what is made from tables of the code: PROTOCOL.md's tables and dialogue, core.py's constants, core_viper.py, the schema of lessons.

    python tools/tables.py            write
    python tools/tables.py --check    write nothing; exit 1 where something is not as it would be written

A row of `opcodes.py` or `wire.py` is `NAME = const(number)  # operands: sentence`, under a heading `# --- Title ---`.
In PROTOCOL.md a table stands between `<!-- table: Title -->` and `<!-- end -->`, the dialogue between `<!-- dialogue -->` and that.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from lesson_schema import lesson_schema
from made import bring_up_to_date

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware" / "petitpas_robot"

_HEADING = re.compile(r"# --- (.+?) -+$")
_ROW = re.compile(r"([A-Z][A-Z0-9_]*) = const\((\w+)\)(?:  # (.*))?$")
_REPLY = re.compile(r"# REPLY_([A-Z]+): (.*)$")


@dataclass(frozen=True)
class Row:
    """One number: its operands or fields, and the sentence that explains it."""

    name: str
    number: int
    operands: str
    sentence: str


def read_tables(source: str) -> dict[str, list[Row]]:
    """Return the rows of a firmware file by heading; the part of a heading after a colon is left out."""
    tables: dict[str, list[Row]] = {}
    title = ""
    for line in source.splitlines():
        if found := _HEADING.match(line):
            title = found[1].split(":")[0]
        elif title and (found := _ROW.match(line.removesuffix("  # fmt: skip"))):
            operands, _, sentence = (found[3] or "").partition(":")
            if not sentence.strip():
                raise SystemExit(f"{found[1]}: a row needs a comment `operands: sentence`")
            tables.setdefault(title, []).append(Row(found[1], int(found[2], 0), operands.strip(), sentence.strip()))
    return tables


def markdown_table(rows: list[Row]) -> str:
    """Return rows as a Markdown table; the column of operands only where one has some."""
    has_operands = any(row.operands for row in rows)
    head = ["number", "name"] + ["operands"] * has_operands + ["meaning"]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row in rows:
        cells = [f"0x{row.number:02X}", f"`{row.name}`"] + ([row.operands or "none"] if has_operands else []) + [row.sentence]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def replies_table(source: str) -> str:
    """Return the bodies of replies, from wire.py, as a Markdown table."""
    lines = ["| reply to | body |", "| --- | --- |"]
    lines += [f"| `{found[1]}` | {found[2]} |" for line in source.splitlines() if (found := _REPLY.match(line))]
    return "\n".join(lines)


def dialogue() -> str:
    """Return the commented dialogue of `tests/vectors/dialogue.json`, which a test plays."""
    steps = json.loads((ROOT / "tests" / "vectors" / "dialogue.json").read_text(encoding="utf-8"))["steps"]
    lines = ["```text"]
    for step in steps:
        arrow = "host  > " if step["from"] == "host" else "robot < "
        octets = bytes.fromhex(step["bytes"])
        lines.append(f"{arrow}{step['says']}")
        lines += ["        " + octets[at : at + 24].hex(" ") for at in range(0, len(octets), 24)]
    return "\n".join([*lines, "```"])


def protocol(text: str) -> str:
    """Return PROTOCOL.md with its generated parts written anew."""
    wire = (FIRMWARE / "wire.py").read_text(encoding="utf-8")
    tables = {**read_tables((FIRMWARE / "opcodes.py").read_text(encoding="utf-8")), **read_tables(wire)}

    def table(found: re.Match[str]) -> str:
        made = replies_table(wire) if found[1] == "Replies" else markdown_table(tables[found[1]])
        return f"<!-- table: {found[1]} -->\n{made}\n<!-- end -->"

    text = re.sub(r"<!-- table: (.+?) -->\n.*?<!-- end -->", table, text, flags=re.DOTALL)
    return re.sub(r"<!-- dialogue -->\n.*?<!-- end -->", lambda _: f"<!-- dialogue -->\n{dialogue()}\n<!-- end -->", text, flags=re.DOTALL)


def core(text: str) -> str:
    """Return a firmware file with the numbers of its private constants taken from opcodes.py and wire.py."""
    sources = [(FIRMWARE / name).read_text(encoding="utf-8") for name in ("opcodes.py", "wire.py")]
    tables = {title: rows for source in sources for title, rows in read_tables(source).items()}
    numbers = {row.name: row.number for rows in tables.values() for row in rows}

    def constant(found: re.Match[str]) -> str:
        name = found[1]
        return f"_{name} = const(0x{numbers.get('OP_' + name, numbers.get(name, -1)):02X})"

    def block(found: re.Match[str]) -> str:
        return re.sub(r"_([A-Z_]+) = const\(\w+\)", constant, found[0])

    return re.sub(r"# >>> opcodes.*?# <<<", block, text, flags=re.DOTALL)


def core_viper(plain: str) -> str:
    """Return core_viper.py: core.py's function, typed for MicroPython's viper."""
    after_docstring = plain.split('"""', 2)[2]
    constants, function = after_docstring.split("\ndef run(", 1)
    constants = constants.replace("from .shim import const\n", "from .shim import const, micropython, ptr8, ptr16\n")
    constants = "\n".join(line for line in constants.split("\n") if not re.match(r"(#|[A-Z])", line) or line.startswith("# >>>"))
    constants = constants.replace("# >>> opcodes, written by tools/tables.py from opcodes.py\n", "")
    head = "code, regs, robot, budget):"
    if not function.startswith(head):
        raise SystemExit("core.py: run(code, regs, robot, budget) is what tools/tables.py knows how to type")
    docstring_end = function.index('"""', function.index('"""') + 3) + 3
    return (
        '"""`core.run` as machine code: made from core.py by tools/tables.py, as `core` describes; do not edit."""\n'
        + re.sub(r"\n{3,}", "\n\n", constants.rstrip()).replace("\n\n", "\n", 1)
        + "\n\n\n@micropython.viper\ndef run(code: ptr8, regs: ptr16, robot, budget: int) -> int:\n"
        + '    """Run one task for at most `budget` instructions; see `core.run`."""'
        + function[docstring_end:]
    )


def main(arguments: list[str]) -> int:
    """Write, or check, every file that is made."""
    made_core = core((FIRMWARE / "core.py").read_text(encoding="utf-8"))
    files = {
        FIRMWARE / "core.py": made_core,
        FIRMWARE / "app.py": core((FIRMWARE / "app.py").read_text(encoding="utf-8")),
        FIRMWARE / "robot.py": core((FIRMWARE / "robot.py").read_text(encoding="utf-8")),
        FIRMWARE / "core_viper.py": core_viper(made_core),
        ROOT / "PROTOCOL.md": protocol((ROOT / "PROTOCOL.md").read_text(encoding="utf-8")),
        ROOT / "lessons" / "lesson.schema.json": lesson_schema(),
    }
    return bring_up_to_date("tools/tables.py", ROOT, files, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
