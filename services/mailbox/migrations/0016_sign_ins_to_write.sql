-- Up Migration

-- Begun to write first, and not to read: a browser is told which of those it has begun.
alter table sign_ins add column to_write boolean not null default false;

-- Down Migration

alter table sign_ins drop column to_write;
