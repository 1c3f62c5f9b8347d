"""The tag files of RFC 8493: declaration, bag-info, manifests and fetch.txt, read and written."""
