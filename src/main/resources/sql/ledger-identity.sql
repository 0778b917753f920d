select current_database() || ', ledger of ' || min(installed_on) from mediaferry.schema_history
