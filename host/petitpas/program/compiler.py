"""
From the tree to the listing.

Two passes: the first numbers the blocks in pre-order, heads included; the second writes each script's instructions, in file order.
Before a block's own instructions stands its MARK. A block that only does something is its opcode and its parameters, straight from the
catalogue; a block that decides what comes next has its own function here:

    repeat      MARK, REPEAT n, again: …, LOOP again
    forever     MARK, again: …, JUMP again         (with an empty body `again` is before the MARK, so that each turn is a block)
    if          MARK, UNLESS test else, …, [JUMP end], else: …, end:
    call        MARK, CALL own
    a script    MARK, …, END                       (an own block: RETURN)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from petitpas_robot import opcodes as o

from .blocks import SENSORS, Parameter
from .listing import Head, Instruction, Item, Label, Listing
from .tree import Block, Program, Test

Numbered = tuple[int, Block]


def compile_program(program: Program) -> Listing:
    """Return the listing of a valid program."""
    blocks = tuple(block.id for block in program.walk())
    heads: list[Head] = []
    items: list[Item] = []
    for number, script in _numbered(program.scripts, 0):
        label = f"own{script.number('own')}" if script.type == "define" else f"task{number}"
        if script.row.head is not None:
            heads.append(Head(script.row.head, _head_argument(script), label))
        items += _script(number, script, label)
    return Listing(tuple(heads), tuple(items), blocks)


def _numbered(blocks: tuple[Block, ...], number: int) -> Iterator[Numbered]:
    """Give blocks that follow one another with their numbers, the first of which is `number`."""
    for block in blocks:
        yield number, block
        number += sum(1 for _ in block.walk())


def _head_argument(script: Block) -> int:
    return next((_wire(parameter, script) for parameter in script.row.parameters), 0)


def _script(number: int, script: Block, label: str) -> Iterator[Item]:
    yield Label(label)
    yield Instruction(number, o.OP_MARK)
    yield from _body(number + 1, script.body())
    yield Instruction(number, o.OP_RETURN if script.type == "define" else o.OP_END)


def _body(number: int, blocks: tuple[Block, ...]) -> Iterator[Item]:
    for inner, block in _numbered(blocks, number):
        yield from _WRITERS.get(block.type, _plain)(inner, block)


def _plain(number: int, block: Block) -> Iterator[Item]:
    yield Instruction(number, o.OP_MARK)
    (opcode,) = block.row.opcodes
    operands: list[int | str] = []
    for parameter in block.row.parameters:
        operands += _test(block) if parameter.unit == "test" else [_wire(parameter, block)]
    yield Instruction(number, opcode, tuple(operands))


def _repeat(number: int, block: Block) -> Iterator[Item]:
    again = f"again{number}"
    yield Instruction(number, o.OP_MARK)
    yield Instruction(number, o.OP_REPEAT, (block.number("times"),))
    yield Label(again)
    yield from _body(number + 1, block.body())
    yield Instruction(number, o.OP_LOOP, (again,))


def _forever(number: int, block: Block) -> Iterator[Item]:
    again = Label(f"again{number}")
    mark = Instruction(number, o.OP_MARK)
    body = list(_body(number + 1, block.body()))
    yield from (mark, again, *body) if body else (again, mark)
    yield Instruction(number, o.OP_JUMP, (again.name,))


def _if(number: int, block: Block) -> Iterator[Item]:
    orelse, end = f"else{number}", f"end{number}"
    then_blocks, else_blocks = block.body("then"), block.body("else")
    yield Instruction(number, o.OP_MARK)
    yield Instruction(number, o.OP_UNLESS, (*_test(block), orelse))
    yield from _body(number + 1, then_blocks)
    if else_blocks:
        yield Instruction(number, o.OP_JUMP, (end,))
    yield Label(orelse)
    yield from _body(number + 1 + sum(1 for block in then_blocks for _ in block.walk()), else_blocks)
    yield Label(end)


def _call(number: int, block: Block) -> Iterator[Item]:
    yield Instruction(number, o.OP_MARK)
    yield Instruction(number, o.OP_CALL, (f"own{block.number('own')}",))


_WRITERS: Mapping[str, Callable[[int, Block], Iterator[Item]]] = {"repeat": _repeat, "forever": _forever, "if": _if, "call": _call}


def _wire(parameter: Parameter, block: Block) -> int:
    if parameter.unit == "choice":
        return dict(parameter.choices)[block.choice(parameter.name)]
    return block.number(parameter.name) + parameter.wire_offset


def _test(block: Block) -> list[int]:
    test: Test = block.test
    above = o.TEST_ABOVE if test.is_above else 0
    return [SENSORS[test.sensor].number | above, o.THRESHOLD_KIT if test.value is None else test.value]
