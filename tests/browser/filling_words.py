"""What filling.py and the tests must both know."""

PASSWORD = "a long enough one"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
