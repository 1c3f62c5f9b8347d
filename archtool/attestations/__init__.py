"""Attestations: signed claims about a package, and the verdict on who vouches for it.

They are made of OpenSSH signatures and timestamps (`openssh`, `timestamps`). This package sees bytes and no
disk: everything that it needs of a package is given to it.
"""
