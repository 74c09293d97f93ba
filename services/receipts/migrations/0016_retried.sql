-- Up Migration

-- When stages came, all that was under way was put down as waiting for us, and who tries again as well: somebody would be woken
-- for mail that a server put off. Where the last thing known of everybody is that, it is said so; in doubt it stays.
update emails e set stage = 'retry'
  where stage = 'delivery' and settled_at is null
    and not exists (select from history h where h.email_id = e.email_id and h.name = 'EmailReleased')
    and exists (
      select from history a
      cross join lateral (
        select h.name, h.event from history h where h.email_id = e.email_id and h.source = 'delivery'
          and h.name <> 'DeliveryAttemptStarted' order by h.sequence desc limit 1
      ) last
      where a.email_id = e.email_id and a.name = 'EmailAccepted' and last.name = 'Deferred'
        and last.event -> 'data' -> 'recipientIds' @> (a.event -> 'data' -> 'recipientIds'));

-- Down Migration

-- The next event of each says anew what it waits for.
