"""The desk for data-subject rights (개인정보 보호법 35-38)."""

__version__ = "0.1.0"
