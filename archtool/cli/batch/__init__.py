"""The parts of `archtool batch`: sources, verbs, runners, clusters, output and summaries."""
