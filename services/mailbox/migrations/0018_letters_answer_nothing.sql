-- Up Migration

-- 0012 took what was written before it for all that is sensitive, letters, too. They answered nothing, and are their writer's alone.
update replies set levels = '{}'
  where message_id is null and demanded = '{}'
    and levels = '{personal,private,company-confidential,sensitive-content}';

-- Down Migration

-- Nothing read the levels of what demands nothing and answers nothing.
