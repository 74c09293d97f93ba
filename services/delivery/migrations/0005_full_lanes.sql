-- Up Migration

-- Lanes of which as much is in hand as may be, since when, and when that was seen last.
create table full_lanes (
  lane text primary key,
  since timestamptz not null,
  seen_at timestamptz not null
);

-- Down Migration

drop table full_lanes;
