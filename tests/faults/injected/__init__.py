"""Makes single system calls of archtool fail, one run for each, and checks what is left and what was said."""
