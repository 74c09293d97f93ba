-- Up Migration

-- What a person did about an email where that is a stream of its own: it is shown with the email, and makes no state.
alter table history add column about uuid;
create index history_about on history (about) where about is not null;

-- Down Migration

alter table history drop column about;
