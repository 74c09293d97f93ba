-- Up Migration

-- How sensitive it is, and what was demanded of its reader when it came. Of what came before nobody looked: it may be all of it.
alter table messages
  add column levels text[] not null default '{personal,private,company-confidential,sensitive-content}',
  add column demanded text[] not null default '{}';
alter table messages alter column levels drop default, alter column demanded drop default;

-- An answer is as sensitive as what it answers; what somebody wrote first answers nothing.
alter table replies
  add column levels text[] not null default '{personal,private,company-confidential,sensitive-content}',
  add column demanded text[] not null default '{}';
alter table replies alter column levels drop default, alter column demanded drop default;

-- What was proven in it beside the address.
alter table sessions add column proofs text[] not null default '{}';

-- Of who is signed in, and proves more: his session, and the conversation that he comes back to where it is no message.
alter table openid_sign_ins add column session_id uuid, add column conversation_id uuid;

-- Down Migration

alter table openid_sign_ins drop column session_id, drop column conversation_id;
alter table sessions drop column proofs;
alter table replies drop column levels, drop column demanded;
alter table messages drop column levels, drop column demanded;
