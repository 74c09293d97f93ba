-- Up Migration

-- What waits for something in an organisation, by how long it does.
drop index emails_by_stage;
create index emails_by_stage on emails (tenant_id, stage, stage_since, email_id) where stage is not null;

-- Down Migration

drop index emails_by_stage;
create index emails_by_stage on emails (stage, stage_since) where stage is not null;
