"""The parts of `archtool batch`: its sources, runners, tasks, output and summaries."""
