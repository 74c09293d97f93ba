-- Up Migration

-- SHA-256 of the secret in the link by which the sender takes a message back; null where it was deposited before there was one.
alter table messages add column take_back bytea unique;

-- Down Migration

alter table messages drop column take_back;
