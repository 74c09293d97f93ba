// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, type ListedMessage } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { namesOf } from '../parts/people.ts';
import { Problem } from '../parts/problem.tsx';
import { useTimes, useWords } from '../words/language.tsx';

/** All that can be read now, the newest first. */
export function MessagesPage() {
  const { messages: words } = useWords();
  const list = useInfiniteQuery({
    queryKey: ['messages'],
    queryFn: ({ pageParam }) => api.messages(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  if (list.isPending) return <Loading />;
  if (list.error !== null) return <Problem error={list.error} onTryAgain={() => void list.refetch()} />;
  const all = list.data.pages.flatMap(({ messages }) => messages);
  return (
    <Page title={words.title}>
      {all.length === 0 && <p>{words.none}</p>}
      <ul className="messages">
        {all.map((message) => (
          <Listed key={message.messageId} message={message} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Act
          second
          label={words.more}
          onAct={() => void list.fetchNextPage()}
          isPending={list.isFetchingNextPage}
        />
      )}
    </Page>
  );
}

function Listed({ message }: { message: ListedMessage }) {
  const { messages: words } = useWords();
  const { date, moment } = useTimes();
  const { messageId, subject, from, depositedAt, endsAt, openedAt } = message;
  return (
    <li>
      <h2>
        <Link to={`/messages/${messageId}`}>{subject === '' ? words.noSubject : subject}</Link>
      </h2>
      {openedAt === null && <p className="unread">{words.unread}</p>}
      <dl>
        <dt>{words.from}</dt>
        <dd>{namesOf(from)}</dd>
        <dt>{words.received}</dt>
        <dd>{moment(depositedAt)}</dd>
        <dt>{words.until}</dt>
        <dd>{date(endsAt)}</dd>
      </dl>
    </li>
  );
}
