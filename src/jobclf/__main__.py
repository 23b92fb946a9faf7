"""Run the command line with `python -m jobclf`."""

from jobclf.cli.main import main

if __name__ == "__main__":
    main(prog_name="jobclf")
