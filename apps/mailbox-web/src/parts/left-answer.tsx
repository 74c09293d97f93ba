// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link, useNavigate } from 'react-router';
import { answerTo, api, Refusal, type Draft } from '../api.ts';
import { useSize, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { useDraftFault } from './draft-fault.ts';
import { withTyped } from './keeper.ts';
import { MoreProof } from './more-proof.tsx';
import { isProofDemanded } from './proof-demanded.ts';
import { ThrowAway } from './throw-away.tsx';
import { UnkeptTexts } from './unkept-texts.tsx';
import { keepAll } from './unkept.ts';
import { useContacts } from './use-contacts.ts';

/** What somebody had begun to answer to a message that is gone; nothing where he had not. */
export function LeftAnswer({ messageId }: { messageId: string }) {
  const { left: words, unkept, tryAgain } = useWords();
  const found = useQuery({
    queryKey: ['left', messageId],
    queryFn: async () => {
      await keepAll();
      const { draft } = await api.draft(answerTo(messageId));
      return { draft: draft && withTyped(draft) };
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  const { data, error } = found;
  if (isProofDemanded(error))
    return (
      <section>
        <h2>{words.title}</h2>
        <MoreProof isOwn lacks={error.proofs} where={{ message: messageId }} />
        <UnkeptTexts explain={unkept.onceProven} place={answerTo(messageId)} />
      </section>
    );
  if (data === undefined)
    return error === null || error instanceof Refusal ? null : (
      <>
        <p role="alert">{words.notLoaded}</p>
        <Act second label={tryAgain} onAct={() => void found.refetch()} isPending={found.isFetching} />
      </>
    );
  const { draft } = data;
  const isNothing = draft === null || (draft.text.trim() === '' && draft.files.length === 0);
  return isNothing ? null : <Shown messageId={messageId} draft={draft} />;
}

function Shown({ messageId, draft }: { messageId: string; draft: Draft }) {
  const { left: words, writing, message, letter, problems } = useWords();
  const faultOf = useDraftFault();
  const sizeOf = useSize();
  const id = useId();
  const navigate = useNavigate();
  const session = useQuery({ queryKey: ['session'], queryFn: () => api.session() });
  const contacts = useContacts(session.data?.organisation.id ?? null);
  const canWrite = contacts.data !== undefined && contacts.data.length > 0;
  const moving = useMutation({
    mutationFn: () => api.toLetter(messageId, draft.draftId),
    onSuccess: () => navigate('/write'),
  });
  const isTaken = moving.error instanceof Refusal && moving.error.kind === 'draft-exists';
  return (
    <section>
      <h2 id={id}>{words.title}</h2>
      <p>{canWrite ? words.text : words.copy}</p>
      {draft.text !== '' && <textarea aria-labelledby={id} rows={8} readOnly value={draft.text} />}
      {draft.files.length > 0 && (
        <>
          <h3>{writing.added}</h3>
          <ul>
            {draft.files.map(({ fileId, name, size }) => (
              <li key={fileId}>{message.save(name, sizeOf(size))}</li>
            ))}
          </ul>
        </>
      )}
      {canWrite && <Act label={words.toLetter} onAct={() => moving.mutate()} isPending={moving.isPending} />}
      <p role="alert">
        {isTaken ? (
          <>
            {words.taken} <Link to="/write">{letter.title(session.data?.organisation.name ?? '')}</Link>
          </>
        ) : moving.isError ? (
          faultOf(moving.error, problems.unreachable.text)
        ) : (
          ''
        )}
      </p>
      <ThrowAway
        place={answerTo(messageId)}
        draftId={draft.draftId}
        onDone={async () => navigate('/messages')}
      />
    </section>
  );
}
