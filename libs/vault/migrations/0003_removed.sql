-- Up Migration

-- Whether contents of the email were removed one by one: whoever did so knows it, however few there are left.
alter table data_keys add column has_removed boolean not null default false;

-- Down Migration

alter table data_keys drop column has_removed;
