"""What `make deploy-test` tries: every command of docs/deploying.md, and nginx with its example, for real."""
