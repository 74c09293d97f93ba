// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { answerTo, api, Refusal, type BegunAnswer, type Draft, type Seen, type Typed } from '../api.ts';
import { useTimes, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { DraftForm } from './draft-form.tsx';
import { useDraftFault } from './draft-fault.ts';
import { withTyped } from './keeper.ts';
import { Stranded } from './stranded.tsx';
import { keepAll } from './unkept.ts';

interface ReplyProps {
  messageId: string;
  /** How much stands in the conversation, above. */
  entries: number;
  /** What is under way to another message of the conversation; null: nothing. */
  other: BegunAnswer | null;
}

/** The way to an answer: closed at first, open where one is under way. */
export function Reply({ messageId, entries, other }: ReplyProps) {
  const { reply: words, left, problems, loading } = useWords();
  const { moment } = useTimes();
  const faultOf = useDraftFault();
  const queries = useQueryClient();
  const place = answerTo(messageId);
  const [begun, setBegun] = useState<Draft | null>(null);
  const [isSent, setSent] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  // As the server has it now, and not as it was when the page was left; and not anew while somebody writes.
  const found = useQuery({
    queryKey: ['draft', messageId],
    queryFn: async () => {
      await keepAll();
      const { draft: kept } = await api.draft(place);
      return { draft: kept && withTyped(kept) };
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  const beginning = useMutation({
    mutationFn: () => api.beginDraft(place),
    onSuccess: (draft) => {
      setSent(false);
      setBegun(draft);
    },
  });
  const draft = begun ?? (isSent ? null : (found.data?.draft ?? null));
  /** The page says what became of it, and has what was written. */
  const showEnded = () => void queries.invalidateQueries({ queryKey: ['message', messageId] });
  const send = (draftId: string) => async (typed: Typed, seen: Seen) => {
    try {
      return await api.reply(messageId, draftId, typed, seen);
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'mailbox-message-ended') showEnded();
      throw error;
    }
  };
  useLayoutEffect(() => {
    // What was sent appears above, perhaps a moment later: it pushes what is said of it out of the window.
    if (isSent && document.activeElement === heading.current)
      heading.current?.scrollIntoView({ block: 'center' });
  }, [isSent, entries]);
  const close = async (sent: boolean) => {
    setBegun(null);
    setSent(sent);
    // The form is gone, and with it what had the focus.
    heading.current?.focus();
    queries.setQueryData(['draft', messageId], { draft: null });
    await queries.invalidateQueries({ queryKey: ['message', messageId] });
  };
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {words.title}
      </h2>
      <p role="status">{isSent ? words.sent : ''}</p>
      {found.isPending && <p>{loading}</p>}
      {found.isSuccess && <Stranded place={place} draftId={draft?.draftId ?? null} />}
      {!found.isPending &&
        (draft === null && other !== null && !isSent ? (
          <p>
            {/* It is kept for a day, and forgotten where another one is begun beside it. */}
            <Link to={`/messages/${other.messageId}`}>{left.begun(moment(other.changedAt))}</Link>
          </p>
        ) : draft === null ? (
          <Act label={words.begin} onAct={() => beginning.mutate()} isPending={beginning.isPending} />
        ) : (
          <DraftForm
            key={draft.draftId}
            place={place}
            draft={draft}
            words={words}
            isFocused={begun !== null}
            onSend={send(draft.draftId)}
            onDone={close}
            onEnded={showEnded}
          />
        ))}
      <p role="alert">{beginning.isError ? faultOf(beginning.error, problems.unreachable.text) : ''}</p>
    </section>
  );
}
