"""What `tools/maker.py` makes of the kit files: drawings and tables for whoever builds a robot."""
