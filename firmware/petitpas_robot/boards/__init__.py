"""What a robot's boards are made of: these modules, and main, are the only ones that know a pin."""
