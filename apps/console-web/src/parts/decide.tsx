// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import type { Held } from '../api/shapes.ts';
import { Refusal } from '../api/ask.ts';
import { useApi, useSession } from '../session.tsx';
import { Problem } from './problem.tsx';
import { Time } from './time.tsx';

type Decision = 'release' | 'reject';

/** How the form calls what the API found wrong. */
function fieldOf(path: string, changes: readonly { recipientId: string }[]): string {
  const [field, place] = path.split('.');
  if (field === 'changes') return `Address of ${changes[Number(place)]?.recipientId ?? 'a recipient'}`;
  if (field === 'recipientIds') return 'For whom';
  if (field === 'reason') return 'Why';
  return field === 'by' ? 'You decide as' : path;
}

/** Releases what is held, with other addresses where they were wrong, or rejects it. */
export function Decide({ held, onDecided }: { held: Held; onDecided: (told: string) => void }) {
  const call = useApi();
  const { name } = useSession();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ decision, typed }: { decision: Decision; typed: FormData }) => {
      const text = (field: string) => {
        const value = typed.get(field);
        return typeof value === 'string' ? value.trim() : '';
      };
      const chosen = held.recipients
        .map(({ recipientId }) => recipientId)
        .filter((id) => typed.has(`chosen ${id}`));
      if (chosen.length === 0)
        throw new Refusal('invalid-request', 422, 'Tick at least one recipient whom you decide about.', []);
      const emptied = held.recipients.find(
        ({ recipientId, address }) =>
          address !== null && chosen.includes(recipientId) && text(`address ${recipientId}`) === '',
      );
      if (decision === 'release' && emptied !== undefined)
        throw new Refusal(
          'invalid-request',
          422,
          `Say an address for ${emptied.recipientId}, or leave it out.`,
          [],
        );
      const changes = held.recipients
        .map(({ recipientId, address }) => ({
          recipientId,
          address: text(`address ${recipientId}`),
          before: address,
        }))
        .filter(
          ({ recipientId, address, before }) =>
            chosen.includes(recipientId) && address !== '' && address !== before,
        )
        .map(({ recipientId, address }) => ({ recipientId, address }));
      await call('POST', `/v1/held/${held.emailId}/${decision}`, {
        by: name,
        // A text area takes line breaks, and a reason is one line.
        reason: text('reason').replaceAll(/\s*[\r\n]\s*/g, ' '),
        recipientIds: chosen,
        ...(decision === 'release' ? { changes } : {}),
      }).catch((error: unknown) => {
        throw error instanceof Refusal ? error.naming((path) => fieldOf(path, changes)) : error;
      });
      return decision;
    },
    onSuccess: (decision) => {
      onDecided(
        decision === 'release'
          ? 'Released: it is protected by the settings and certificates of now, and sent.'
          : 'Rejected: its sender is told.',
      );
    },
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent;
    const decision: Decision = submitter?.getAttribute('value') === 'reject' ? 'reject' : 'release';
    if (!isPending) mutate({ decision, typed: new FormData(event.currentTarget) });
  };
  return (
    <section aria-labelledby="decide">
      <h2 id="decide">Held: decide</h2>
      <p>
        Held since <Time at={held.heldSince} />. Where nobody decides it goes back to its sender at{' '}
        <Time at={held.endsAt} />.
      </p>
      <form onSubmit={onSubmit}>
        <Problem error={error} />
        <fieldset>
          <legend>For whom</legend>
          {held.recipients.map(({ recipientId, address, text, perhapsSent }) => (
            <div key={recipientId} className="held">
              <label className="tick">
                <input type="checkbox" name={`chosen ${recipientId}`} defaultChecked />
                {recipientId} {address ?? 'erased'}
              </label>
              <p>
                {text}
                {perhapsSent !== null && ' It may have arrived: whoever releases it may send it twice.'}
              </p>
              <label>
                Address of {recipientId}, where it is to be another
                <input
                  name={`address ${recipientId}`}
                  type="text"
                  defaultValue={address ?? ''}
                  autoComplete="off"
                  spellCheck={false}
                />
              </label>
            </div>
          ))}
        </fieldset>
        <label>
          Why (its sender reads it)
          <textarea name="reason" required maxLength={1_000} rows={2} />
        </label>
        <p>
          You decide as {name}. What is released is never sent without protection: where there is still no
          way, it is held again.
        </p>
        <button value="release">{isPending ? 'One moment …' : 'Release'}</button>{' '}
        <button value="reject" className="second">
          Reject
        </button>
      </form>
    </section>
  );
}
