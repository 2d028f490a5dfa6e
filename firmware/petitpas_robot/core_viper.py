"""`core.run` as machine code: made from core.py by tools/tables.py, as `core` describes; do not edit."""

from .shim import const, micropython, ptr8, ptr16

_MARK = const(0x01)
_JUMP = const(0x02)
_REPEAT = const(0x03)
_LOOP = const(0x04)
_CALL = const(0x05)
_RETURN = const(0x06)
_UNLESS = const(0x07)
_LIGHT = const(0x10)
_FAULT_STACK = const(0x0B)

_FIRST = const(4)  # index of the first word of the stack
_LAST = const(27)  # index of the last
_ADDRESS = const(0x8000)  # marks a word of the stack as an address; without it, it counts the turns of a loop
_STACK_FAULT = const(0x80 + _FAULT_STACK)


@micropython.viper
def run(code: ptr8, regs: ptr16, robot, budget: int) -> int:
    """Run one task for at most `budget` instructions; see `core.run`."""
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
