"""`python -m app.policy > policies/policy.schema.json`: the schema that editors check a policy file against."""

import sys

from app.policy import schema_text

sys.stdout.write(schema_text())
