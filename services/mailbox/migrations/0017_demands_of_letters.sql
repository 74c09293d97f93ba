-- Up Migration

-- How sensitive what it was begun to answer is, where a letter was an answer before, and what that demanded: it demands the same.
alter table drafts
  add column levels text[] not null default '{}',
  add column demanded text[] not null default '{}';

-- Of who is signed in, and proves more for a letter that he has under way: he comes back to it.
alter table openid_sign_ins add column to_write boolean not null default false;

-- Down Migration

alter table openid_sign_ins drop column to_write;
alter table drafts drop column levels, drop column demanded;
