// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { api } from '../api.ts';
import { Loading } from '../parts/loading.tsx';
import { Conversation } from '../parts/conversation.tsx';
import { MoreProof } from '../parts/more-proof.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useWords } from '../words/language.tsx';

/** What somebody wrote first, for as long as nobody has answered. */
export function ConversationPage() {
  const { conversationId = '' } = useParams();
  const { conversation: words, message } = useWords();
  const found = useQuery({
    queryKey: ['conversation', conversationId],
    queryFn: () => api.conversation(conversationId),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  const { name, entries } = found.data;
  const lacks = [...new Set(entries.flatMap((entry) => entry.lacks))];
  return (
    <Page title={name === '' ? words.title : name}>
      {lacks.length > 0 && <MoreProof lacks={lacks} where={{ conversation: conversationId }} />}
      {entries[0]?.kind === 'reply' && <p>{words.answeredGone}</p>}
      <Conversation entries={entries} reading={null} />
      <p>
        <Link to="/messages">{message.back}</Link>
      </p>
    </Page>
  );
}
