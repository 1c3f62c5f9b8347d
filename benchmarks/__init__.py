"""Times archtool and other programs that do the same work, and reports which bars were kept.

archtool does not import this package. The timed works do not import archtool: every contestant is a process.
"""
