"""How large keys, signatures and trust files can be before they are refused."""

from __future__ import annotations

MAX_IDENTITIES = 2048  # the limit of OpenSSH's own agent and client
MAX_AGENT_COMMENT_BYTES = 1024  # a name or a file's path
MAX_KEY_BLOB_BYTES = 64 * 1024  # a certificate with all its principals
MAX_AGENT_SIGNATURE_BYTES = 16 * 1024  # a signature by an RSA key of 16384 bits has 2 kB

MAX_ANSWER_BYTES = 256 * 1024  # the limit of OpenSSH's own client

MAX_INSPECTED_BYTES = 64 * 1024  # of a file; comments can precede its first significant line

MAX_CERTIFICATE_BYTES = 64 * 1024  # usual are a few hundred; OpenSSH's limit is the size of a packet
MAX_PRINCIPALS = 256  # OpenSSH's own limit
MAX_PRINCIPAL_BYTES = 1024  # the limit of a statement; it also keeps pattern matching fast
MAX_OPTIONS = 256  # in each of the two lists; OpenSSH knows ten options in total

MAX_PASSPHRASE_BYTES = 4096  # no person types more; a larger file was given by mistake

MAX_BCRYPT_ROUNDS = 4096  # half a minute; the format allows 4 thousand million

MAX_PUBLIC_LINE_CHARACTERS = 64 * 1024  # an RSA key of 16384 bits needs 3,000; certificates need more

MAX_KEY_FILE_BYTES = 64 * 1024  # an RSA key of 16384 bits needs 13 kB: a larger file is no key

MAX_SIGNATURE_FILE_BYTES = 64 * 1024  # the largest RSA key with its signature needs 6 kB

MAX_ALLOWED_SIGNERS_CHARACTERS = 16 * 1024 * 1024  # 100,000 keys; a larger file is not read into memory

MAX_PRINCIPAL_CHARACTERS = 255  # addresses of mail end at 254

MAX_SECTIONS = 100_000  # of a list, or inside one section; ssh-keygen writes one for each authority
MAX_SIGNATURES = 8  # each covers everything before it

MAX_REVOKED_BYTES = 16 * 1024 * 1024  # 100,000 keys; a larger file is not read into memory

MAX_SIGNER_LINE_CHARACTERS = 64 * 1024  # usual are a few hundred; it also keeps pattern matching fast

MAX_MPINT_BYTES = 16384 // 8 + 1  # OpenSSH's own limit for a number (16384 bits), with its sign byte
MAX_TEXT_BYTES = 1024  # names of types, curves, hashes and namespaces: longer ones are damage
