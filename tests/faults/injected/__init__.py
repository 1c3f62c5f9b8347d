"""Makes single system calls of archtool fail, one in each run, and checks the files and the messages."""
