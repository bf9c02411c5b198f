"""What people read: statutory forms, the access package, mails and text messages. Values in, bytes or text out."""
