"""The world outside: values in, values out. A failure is a value too, told apart as retryable or permanent."""
