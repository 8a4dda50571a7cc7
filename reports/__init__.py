"""What people read: the weekly report and the alert mails, filled from figures that the jobs hand over."""
