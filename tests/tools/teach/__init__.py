"""The parts of make_teach.py that take a file of their own."""
