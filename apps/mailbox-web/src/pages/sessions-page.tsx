// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, type Session } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { Credentials } from '../parts/credentials.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useTimes, useWords } from '../words/language.tsx';

/** Where somebody is signed in: whoever has lost a telephone ends what goes on there. */
export function SessionsPage() {
  const { sessions: words, message } = useWords();
  const found = useQuery({ queryKey: ['sessions'], queryFn: () => api.sessions() });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  return (
    <Page title={words.title}>
      <p>{words.explain}</p>
      <ul className="messages">
        {found.data.sessions.map((session) => (
          <Listed key={session.sessionId} session={session} />
        ))}
      </ul>
      <Credentials />
      <p>
        <Link to="/messages">{message.back}</Link>
      </p>
    </Page>
  );
}

function Listed({ session: { sessionId, beganAt, usedAt, current } }: { session: Session }) {
  const { sessions: words, problems } = useWords();
  const { moment } = useTimes();
  const queries = useQueryClient();
  const ending = useMutation({
    mutationFn: () => api.endSession(sessionId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <li>
      <p>{current ? words.here : words.elsewhere(moment(beganAt))}</p>
      <p className="hint">{words.used(moment(usedAt))}</p>
      {!current && (
        <Act second label={words.end} onAct={() => ending.mutate()} isPending={ending.isPending} />
      )}
      <p role="alert">{ending.isError ? problems.unreachable.text : ''}</p>
    </li>
  );
}
