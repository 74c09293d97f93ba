-- Up Migration

-- Which email a Message-ID, told by its SHA-256, belongs to: a report of another server names nothing else of ours.
create table sent_messages (
  tenant_id text not null,
  key bytea not null,
  email_id uuid not null,
  sent_at timestamptz not null,
  primary key (tenant_id, key, email_id)
);
create index sent_messages_by_age on sent_messages (sent_at);

create function note_sent(of_tenant text, message_key bytea, of_email uuid, at timestamptz)
returns uuid language sql as $$
  insert into sent_messages (tenant_id, key, email_id, sent_at) values (of_tenant, message_key, of_email, at)
  returning email_id
$$;

-- Down Migration

drop function note_sent;
drop table sent_messages;
