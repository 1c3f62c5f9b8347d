"""Times archtool beside other programs that do the same work, and says plainly which bars were kept.

Nothing in here is imported by archtool, and archtool is not imported here: every contestant is a process.
"""
