"""The journal of a batch, with which an interrupted run can be resumed."""
