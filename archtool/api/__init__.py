"""The functions of `import archtool`, one module for each, and what they do with their arguments."""
