"""Alembic's entry: runs on the connection it is handed, never opens one of its own."""

from alembic import context

from sync.intake.ledger import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=True,  # unless it is handed a transaction, as on SQLite
)
with context.begin_transaction():
    context.run_migrations()
