"""
Instructions, heads, sensors, keys, colours, outcomes and faults: the one table of numbers that robot and host share.

Numbers are frozen: a new row takes a new number, a number is never used again.
The comment on a row is read by `tools/tables.py`, which writes PROTOCOL.md from it: `operands: sentence`.
An operand is written `name type`; types are u8 and u16, little-endian, in the order of the row.
"""

from .shim import const

# --- Instructions ---------------------------------------------------------------------------------------------
# Control: the core (core.py) runs these without asking anybody.
OP_END = const(0x00)  # : The task ends.
OP_MARK = const(0x01)  # : A block begins. Marks stand in the order of the program's blocks, and events name a block by its mark's address.
OP_JUMP = const(0x02)  # address u16: Go to `address`.
OP_REPEAT = const(0x03)  # turns u8: Push a loop of `turns` turns (1 to 255).
OP_LOOP = const(0x04)  # address u16: One turn is done: back to `address` while turns remain, else pop and go on.
OP_CALL = const(0x05)  # address u16: Push the address after this instruction, go to `address`.
OP_RETURN = const(0x06)  # : Pop an address and go there.
OP_UNLESS = const(0x07)  # test u8, threshold u16, address u16: Go to `address` unless the sensor test holds.
# At once: the robot does them and the task goes on in the same tick.
OP_LIGHT = const(0x10)  # colour u8: Show a colour on the robot's lights.
OP_SEND = const(0x11)  # message u8: Start every task that waits for this message.
# Lasting: the task waits until they have ended.
OP_WAIT = const(0x20)  # ms u16: Wait.
OP_WAIT_UNTIL = const(0x21)  # test u8, threshold u16: Wait until the sensor test holds.
OP_BEEP = const(0x22)  # : The robot's own short sound.
OP_NOTE = const(0x23)  # pitch u8, ms u16: A note, `pitch` as in MIDI (69 is A, 440 Hz).
OP_STOP = const(0x24)  # : The whole program ends.
# Motion: the task first waits for the wheels.
OP_FORWARD = const(0x30)  # cells u8: Move forward.
OP_BACKWARD = const(0x31)  # cells u8: Move backward.
OP_LEFT = const(0x32)  # : Turn a quarter to the left, in place.
OP_RIGHT = const(0x33)  # : Turn a quarter to the right, in place.
OP_FORWARD_MM = const(0x34)  # mm u16: Move forward.
OP_BACKWARD_MM = const(0x35)  # mm u16: Move backward.
OP_LEFT_DEG = const(0x36)  # deg u16: Turn to the left, in place.
OP_RIGHT_DEG = const(0x37)  # deg u16: Turn to the right, in place.
OP_UNTIL_OBSTACLE = const(0x38)  # : Move forward, cell by cell, and stop before an obstacle or the edge.
OP_GO_UP = const(0x39)  # cells u8: Move up the mat, whatever the heading: only for a kit without a front.
OP_GO_DOWN = const(0x3A)  # cells u8: Move down the mat: only for a kit without a front.
OP_GO_LEFT = const(0x3B)  # cells u8: Move to the left of the mat: only for a kit without a front.
OP_GO_RIGHT = const(0x3C)  # cells u8: Move to the right of the mat: only for a kit without a front.
# Reserved for variables; no robot runs them yet.
OP_SET = const(0x40)  # variable u8, value u16: Reserved.
OP_ADD = const(0x41)  # variable u8, value u16: Reserved.
OP_UNLESS_VARIABLE = const(0x42)  # test u8, variable u8, value u16, address u16: Reserved.

# --- Heads: what starts a task --------------------------------------------------------------------------------
HEAD_GO = const(0)  # argument 0: GO, or RUN from the host.
HEAD_KEY = const(1)  # argument key: The key goes down.
HEAD_OBSTACLE = const(2)  # argument 0: Something comes nearer than the kit's threshold.
HEAD_MESSAGE = const(3)  # argument message: A task sends this message.

# --- Sensors: what a test can look at -------------------------------------------------------------------------
# A test is a sensor number, plus TEST_ABOVE when it holds above the threshold instead of below it.
SENSOR_DISTANCE = const(0)  # mm: Distance ahead to the nearest thing; nothing in range is beyond any threshold.
SENSOR_LINE_LEFT = const(1)  # permille: Light under the left line sensor; 0 is black.
SENSOR_LINE_RIGHT = const(2)  # permille: Light under the right line sensor; 0 is black.
SENSOR_LIGHT = const(3)  # permille: Light around the robot; 0 is dark.
SENSOR_BUMP = const(4)  # permille: 1000 while the bumper is pressed, else 0.
SENSOR_LIFT = const(5)  # permille: 1000 while the robot is off the ground, else 0.
SENSOR_KEY = const(8)  # permille: 1000 while the key is down, else 0; the first of seven, in the order of the keys.
SENSOR_MODE = const(15)  # permille: 1000 while the switch stands at program, 0 while it stands at direct.
TEST_ABOVE = const(0x80)  # : Added to a sensor number: the test holds above the threshold.
THRESHOLD_KIT = const(0xFFFF)  # : In place of a threshold: the kit's own for this sensor.

# --- Keys on the robot ----------------------------------------------------------------------------------------
KEY_FORWARD = const(0)  # : avancer
KEY_BACKWARD = const(1)  # : reculer
KEY_LEFT = const(2)  # : gauche
KEY_RIGHT = const(3)  # : droite
KEY_PAUSE = const(4)  # : pause
KEY_CLEAR = const(5)  # : effacer
KEY_GO = const(6)  # : GO

# --- Colours of the lights ------------------------------------------------------------------------------------
COLOUR_OFF = const(0)  # : off
COLOUR_WHITE = const(1)  # : white
COLOUR_YELLOW = const(2)  # : yellow
COLOUR_ORANGE = const(3)  # : orange
COLOUR_PINK = const(4)  # : pink
COLOUR_PURPLE = const(5)  # : purple
COLOUR_BLUE = const(6)  # : blue
COLOUR_GREEN = const(7)  # : green

# --- Shapes: what doubles a robot's colour --------------------------------------------------------------------
SHAPE_CIRCLE = const(0)  # : rond
SHAPE_SQUARE = const(1)  # : carré
SHAPE_TRIANGLE = const(2)  # : triangle
SHAPE_STAR = const(3)  # : étoile
SHAPE_HEART = const(4)  # : cœur
SHAPE_DIAMOND = const(5)  # : losange
SHAPE_MOON = const(6)  # : lune

# --- Outcomes: how a block or a program has ended -------------------------------------------------------------
HOW_RUNNING = const(0)  # : It has not ended.
HOW_DONE = const(1)  # : As it should.
HOW_BLOCKED = const(2)  # : Something was in the way; the program ends at this block.
HOW_INTERRUPTED = const(3)  # : A task started by an event took the wheels.
HOW_STOPPED = const(4)  # : STOP.
HOW_FAULT = const(5)  # : A fault; see its number and address.
HOW_LINK_LOST = const(6)  # : The host had asked to be heard regularly and was not.
HOW_LIFTED = const(7)  # : The robot is off the ground, where its wheels stand still; the program ends at this block.
HOW_BATTERY = const(8)  # : The battery is empty, so that the wheels stand still; the program ends at this block.

# --- Faults ---------------------------------------------------------------------------------------------------
FAULT_NONE = const(0)  # : No fault.
FAULT_HELLO_FIRST = const(1)  # : The robot has just started: say HELLO before anything else.
FAULT_MESSAGE = const(2)  # : No such message, or its body has the wrong length.
FAULT_BUSY = const(3)  # : Not while a program runs: STOP first.
FAULT_NO_PROGRAM = const(4)  # : There is no program in memory.
FAULT_OFFSET = const(5)  # : A piece of an image is missing: start again at offset 0.
FAULT_TOO_LONG = const(6)  # : The image is longer than the robot's memory.
FAULT_IMAGE_VERSION = const(7)  # : The image has another version than this firmware.
FAULT_IMAGE_DAMAGED = const(8)  # : The image's length or checksum is wrong.
FAULT_IMAGE_INVALID = const(9)  # : The image names an unknown instruction, address, sensor or head.
FAULT_UNSUPPORTED = const(10)  # : This kit cannot do this instruction.
FAULT_STACK = const(11)  # : Loops and own blocks are nested too deep, or a loop ends that never began.
FAULT_TASK = const(12)  # : No such task.
FAULT_SLOT = const(13)  # : No such slot for a program.
FAULT_VALUE = const(14)  # : A setting, a name, a colour or a shape is out of its range.
FAULT_STORE = const(15)  # : The robot could not keep this: what it kept before is still there.
FAULT_NO_COUNTS = const(16)  # : In a check, the wheel's encoder has counted nothing.
FAULT_BACKWARD = const(17)  # : In a check, the wheel's encoder has counted backward.
FAULT_OTHER_WHEEL = const(18)  # : In a check, the other wheel's encoder has counted.

# --- Capabilities of a kit: bits, said in HELLO ---------------------------------------------------------------
CAN_ROLL = const(0x0001)  # : It has a front: forward, backward, quarter turns, millimetres and degrees.
CAN_GLIDE = const(0x0002)  # : It has no front: up, down, left and right of the mat.
CAN_LIGHT = const(0x0004)  # : Lights.
CAN_SOUND = const(0x0008)  # : Beep and notes.
CAN_DISTANCE = const(0x0010)  # : Distance ahead.
CAN_LINE = const(0x0020)  # : Line sensors.
CAN_SEE_LIGHT = const(0x0040)  # : Light sensor.
CAN_BUMP = const(0x0080)  # : Bumper.
CAN_LIFT = const(0x0100)  # : Lift switch.
CAN_KEYS = const(0x0200)  # : The seven keys.
