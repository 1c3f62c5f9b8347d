"""The journal of a batch: what was done, so that an interrupted run can be resumed."""
