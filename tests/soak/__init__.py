"""A desk under load whose parts are killed without warning, for minutes; then every promise is looked at."""
