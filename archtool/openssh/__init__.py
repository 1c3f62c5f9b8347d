"""The formats of OpenSSH: keys, signatures, certificates, trust files and the agent protocol."""
