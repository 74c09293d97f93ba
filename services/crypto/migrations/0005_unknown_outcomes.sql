-- Up Migration

-- Of whom nobody knows whether it arrived is held when the acceptance is gone already: it was planned, and made.
alter table held alter column acceptance drop not null;
-- The events OutcomeUnknown as they travelled: when it was, and with which server.
alter table held add column unknown_outcomes jsonb not null default '[]';

-- Down Migration

alter table held drop column unknown_outcomes;
delete from held where acceptance is null;
alter table held alter column acceptance set not null;
