-- Up Migration

-- What somebody writes first answers nothing. One of those is under way for each person.
alter table drafts alter column message_id drop not null;
create unique index drafts_of_letter on drafts (tenant_id, person) where message_id is null and not is_ending;
alter table replies alter column message_id drop not null;

-- The sign-in that a session comes from: its stream says, encrypted, which address was proven.
alter table sessions add column sign_in_id uuid;

-- Down Migration

alter table sessions drop column sign_in_id;
delete from replies where message_id is null;
alter table replies alter column message_id set not null;
drop index drafts_of_letter;
delete from drafts where message_id is null;
alter table drafts alter column message_id set not null;
