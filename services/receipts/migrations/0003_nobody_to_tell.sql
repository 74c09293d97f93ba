-- Up Migration

-- The email was erased before its sender was told: nobody knows any more who that was.
alter table emails add column nobody_to_tell boolean not null default false;

-- Down Migration

alter table emails drop column nobody_to_tell;
