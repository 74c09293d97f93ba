-- Up Migration

-- What a person decided about, or the reader of a message, went on in a trace of its own: it is found by that one, too.
update emails set findable = false where findable and email_id in (select email_id from history
  where name in ('EmailReleased', 'EmailRejected', 'MailboxMessageDeclined', 'MailboxMessageWithdrawn'));

-- Down Migration

-- What is found by more than before does no harm.
