-- Up Migration

-- Which email was looked at last on which day (UTC) by which API key: each day's first look is an event.
create table key_inspected (
  tenant_id text,
  key_id text,
  email_id uuid,
  on_day date not null,
  primary key (tenant_id, key_id, email_id)
);

-- Down Migration

drop table key_inspected;
