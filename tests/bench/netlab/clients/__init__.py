"""The clients that are compared: each sends the files of a folder and prints what it believes as one JSON line."""
