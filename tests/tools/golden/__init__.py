"""The parts of make_golden.py: one module a part, each with `make(folder, …)` that writes its files below `folder`."""
