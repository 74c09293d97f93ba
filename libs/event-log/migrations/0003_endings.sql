-- Up Migration

-- How often the event was begun and its process ended, the try under way counted: a failure that was written down clears it.
alter table dead_letters add column endings int not null default 0;

-- Down Migration

alter table dead_letters drop column endings;
