-- Up Migration

-- How often the text was kept, and by which page last: a page that is behind another one does not write over it.
alter table drafts add column version int not null default 0, add column writer uuid;

-- Down Migration

alter table drafts drop column version, drop column writer;
