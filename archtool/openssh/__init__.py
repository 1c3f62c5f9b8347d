"""OpenSSH's own formats: keys, signatures, certificates, trust files and the agent."""
