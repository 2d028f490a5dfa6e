"""
The virtual machine's inner loop: runs the instructions of one task until one needs more than the stack and the robot's senses.

Plain Python. `core_viper.py` is made from this file by `tools/tables.py` and runs the same code as machine code; both pass the same tests.
The image has passed `image.check`, so that every address and operand is good; only the stack is watched here.

A task's registers are one array of u16: program counter, stack pointer, address of the MARK of its block, whether a block was entered since
the flag was last cleared, then the stack.
The stack holds loops (turns left) and the addresses to return to, told apart by one bit, so that no image can return to a number of turns.
"""

from .shim import const

PC = const(0)
SP = const(1)  # index of the top of the stack; STACK - 1 when it is empty
BLOCK = const(2)  # address of the MARK of the block the task is in; 0 is none
ENTERED = const(3)  # 1: a block was entered
STACK = const(4)
STACK_WORDS = const(24)
REGISTERS = const(28)

SPENT = const(0x01)  # returned in place of an opcode: the budget is used up
FAULT = const(0x80)  # added to a fault number, returned in place of an opcode

# >>> opcodes, written by tools/tables.py from opcodes.py
_MARK = const(0x01)
_JUMP = const(0x02)
_REPEAT = const(0x03)
_LOOP = const(0x04)
_CALL = const(0x05)
_RETURN = const(0x06)
_UNLESS = const(0x07)
_LIGHT = const(0x10)
_FAULT_STACK = const(0x0B)
# <<<

_FIRST = const(4)  # index of the first word of the stack
_LAST = const(27)  # index of the last
_ADDRESS = const(0x8000)  # marks a word of the stack as an address; without it, it counts the turns of a loop
_STACK_FAULT = const(0x80 + _FAULT_STACK)


def run(code, regs, robot, budget):
    """
    Run one task for at most `budget` instructions (a MARK and the instruction behind it count as one).

    Args:
        code: the image, bytearray.
        regs: array of REGISTERS u16.
        robot: answers `light(colour)` and `holds(test, threshold)`.
        budget: 1 to 64.
    Returns:
        What stopped it in the low byte: SPENT, an opcode at which the program counter stands and which is the caller's to do, or FAULT plus
        a fault number; and what is left of the budget in the next byte.
    """
    pc = regs[0]
    sp = regs[1]
    why = 1
    while budget > 0:
        budget -= 1
        op = code[pc]
        if op == _MARK:
            regs[2] = pc
            regs[3] = 1
            pc += 1
            op = code[pc]
        if op == _LOOP:
            turns = regs[sp]
            if turns > 1:
                if turns >= _ADDRESS:
                    why = _STACK_FAULT
                    break
                regs[sp] = turns - 1
                pc = code[pc + 1] | code[pc + 2] << 8
            elif sp < _FIRST:
                why = _STACK_FAULT
                break
            else:
                sp -= 1
                pc += 3
        elif op == _LIGHT:
            robot.light(code[pc + 1])
            pc += 2
        elif op == _UNLESS:
            if robot.holds(code[pc + 1], code[pc + 2] | code[pc + 3] << 8):
                pc += 6
            else:
                pc = code[pc + 4] | code[pc + 5] << 8
        elif op == _JUMP:
            pc = code[pc + 1] | code[pc + 2] << 8
        elif op == _REPEAT:
            if sp == _LAST:
                why = _STACK_FAULT
                break
            sp += 1
            regs[sp] = code[pc + 1]
            pc += 2
        elif op == _CALL:
            if sp == _LAST:
                why = _STACK_FAULT
                break
            sp += 1
            regs[sp] = pc + 3 | _ADDRESS
            pc = code[pc + 1] | code[pc + 2] << 8
        elif op == _RETURN:
            if sp < _FIRST or regs[sp] < _ADDRESS:
                why = _STACK_FAULT
                break
            pc = regs[sp] ^ _ADDRESS
            sp -= 1
        elif op != _MARK:
            why = op
            break
    regs[0] = pc
    regs[1] = sp
    return why | budget << 8
