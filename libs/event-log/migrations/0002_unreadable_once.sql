-- Up Migration

-- What can't be read has no id; it is known by its bytes and its place when it comes again.
delete from dead_letters later using dead_letters earlier
  where later.event_id is null and earlier.event_id is null and later.arrived > earlier.arrived
    and later.source = earlier.source and later.arrival = earlier.arrival;
create unique index dead_letters_unreadable on dead_letters (source, md5(arrival ->> 'raw')) where event_id is null;

-- Down Migration

drop index dead_letters_unreadable;
