// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type Ref } from 'react';
import { Link } from 'react-router';
import { api, type ListedConversation } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { namesOf } from '../parts/people.ts';
import { Problem } from '../parts/problem.tsx';
import { useContacts } from '../parts/use-contacts.ts';
import { useTimes, useWords } from '../words/language.tsx';

/** All that was written to the reader, and by him, that can be read now; by conversation, the newest first. */
export function MessagesPage() {
  const { messages: words, left: leftWords } = useWords();
  const { moment } = useTimes();
  const session = useQuery({ queryKey: ['session'], queryFn: () => api.session() });
  const contacts = useContacts(session.data?.organisation.id ?? null);
  const list = useInfiniteQuery({
    queryKey: ['conversations'],
    queryFn: ({ pageParam }) => api.conversations(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
  // How many stood there when more were asked for: the first of those is where whoever reads goes on.
  const [seen, setSeen] = useState<number | null>(null);
  const next = useRef<HTMLAnchorElement>(null);
  const pages = list.data?.pages.length ?? 0;
  useEffect(() => {
    if (pages > 1) next.current?.focus();
  }, [pages]);
  if (list.isPending) return <Loading />;
  if (list.error !== null) return <Problem error={list.error} onTryAgain={() => void list.refetch()} />;
  const { left = [], letter = null } = list.data.pages[0] ?? {};
  const all = list.data.pages.flatMap(({ conversations }) => conversations);
  return (
    <Page title={words.title}>
      {contacts.data !== undefined && contacts.data.length > 0 && (
        <p>
          <Link to="/write">{words.write}</Link>
        </p>
      )}
      {letter !== null && (
        <p>
          <Link to="/write">{leftWords.letter(moment(letter.changedAt))}</Link>
        </p>
      )}
      {left.map(({ messageId, changedAt }) => (
        <p key={messageId}>
          <Link to={`/messages/${messageId}`}>{leftWords.listed(moment(changedAt))}</Link>
        </p>
      ))}
      {all.length === 0 && <p>{words.none}</p>}
      <ul className="messages">
        {all.map((each, index) => (
          <Listed
            key={each.conversationId}
            link={index === seen ? next : undefined}
            conversation={each}
            organisation={session.data?.organisation.name ?? ''}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Act
          second
          label={words.more}
          onAct={() => {
            setSeen(all.length);
            void list.fetchNextPage();
          }}
          isPending={list.isFetchingNextPage}
        />
      )}
    </Page>
  );
}

interface ListedProps {
  conversation: ListedConversation;
  organisation: string;
  /** Of the first that has come since. */
  link: Ref<HTMLAnchorElement> | undefined;
}

function Listed({ conversation, organisation, link }: ListedProps) {
  const { messages: words, moreProof, left, letter } = useWords();
  const { end, moment } = useTimes();
  const { draft } = conversation;
  const { conversationId, messageId, lacks, subject, ownSubject, from, contact, lastAt, endsAt, unread } =
    conversation;
  const isWithheld = lacks.length > 0;
  // An answer has no subject of its own.
  const isAnswer = messageId === null && contact === null;
  const none = isAnswer ? words.answerAlone : words.noSubject;
  const title = isWithheld ? moreProof.title : subject === '' ? none : subject;
  const path = messageId === null ? `/conversations/${conversationId}` : `/messages/${messageId}`;
  return (
    <li>
      <h2>
        <Link to={path} ref={link}>
          {title}
        </Link>
      </h2>
      {unread > 0 && <p className="unread">{words.unread(unread)}</p>}
      {draft !== null && (
        <p>
          <Link to={`/messages/${draft.messageId}`}>{left.begun(moment(draft.changedAt))}</Link>
        </p>
      )}
      <dl>
        {ownSubject && (
          <>
            <dt>{letter.subject}</dt>
            <dd>{ownSubject}</dd>
          </>
        )}
        <dt>{messageId === null ? words.to : words.from}</dt>
        <dd>{isWithheld ? organisation : messageId === null ? (contact ?? organisation) : namesOf(from)}</dd>
        <dt>{words.last}</dt>
        <dd>{moment(lastAt)}</dd>
        <dt>{words.until}</dt>
        <dd>{end(endsAt)}</dd>
      </dl>
    </li>
  );
}
