"""What children program with besides a screen: a panel of push-buttons on the pins of a Raspberry Pi, or the keyboard of any computer."""
