-- Up Migration

-- When the key of an email was destroyed.
alter table emails add column erased_at timestamptz;
-- Not looked at before that by who erases what is kept for too long: it can be read in SecureMailBox until then.
alter table emails add column readable_until timestamptz;
create index emails_to_erase on emails (tenant_id, settled_at, email_id) where erased_at is null and settled_at is not null;

-- What may not be erased, whatever anybody asks for.
create table legal_holds (
  hold_id uuid primary key,
  tenant_id text not null,
  covers text not null,
  -- The one email.
  email_id uuid,
  -- By what it is found (found_by): an address, or a domain.
  digest bytea,
  placed_at timestamptz not null,
  lifted_at timestamptz,
  check ((covers = 'email') = (email_id is not null)),
  check ((covers in ('address', 'domain')) = (digest is not null))
);
create index legal_holds_of_tenant on legal_holds (tenant_id, placed_at, hold_id);

-- Down Migration

drop table legal_holds;
drop index emails_to_erase;
alter table emails drop column readable_until;
alter table emails drop column erased_at;
