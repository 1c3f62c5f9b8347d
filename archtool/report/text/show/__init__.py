"""The page that `archtool show` prints, and what other commands share with it."""
