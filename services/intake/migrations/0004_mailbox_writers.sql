-- Up Migration

-- Who wrote in SecureMailBox on a thread, told by the SHA-256 of the address: what answers them lies there.
create table mailbox_writers (
  thread_id uuid not null references threads on delete cascade,
  address bytea not null,
  primary key (thread_id, address)
);

-- Down Migration

drop table mailbox_writers;
