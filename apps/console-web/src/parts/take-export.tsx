// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useRef, type SubmitEvent } from 'react';
import { Unreachable } from '../api/ask.ts';
import { useFiles, useSession } from '../session.tsx';
import { momentOf, textIn } from './moment.ts';
import { Problem } from './problem.tsx';

/** Takes events out of the ledger with what proves them: of one email, or of a time. */
export function TakeExport({ emailId }: { emailId?: string }) {
  const files = useFiles();
  const { name: by } = useSession();
  const stopping = useRef<AbortController>(null);
  const outcome = useRef<HTMLParagraphElement>(null);
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: async (form: FormData) => {
      stopping.current = new AbortController();
      const { signal } = stopping.current;
      const query = new URLSearchParams({ by, reason: textIn(form, 'reason') });
      if (emailId !== undefined) query.set('emailId', emailId);
      for (const name of ['from', 'to'])
        if (textIn(form, name) !== '') query.set(name, momentOf(textIn(form, name)));
      try {
        const response = await files(`/v1/ledger/export?${query.toString()}`, signal);
        const [, name = 'audit.jsonl'] =
          /filename="([\w.-]+)"/.exec(response.headers.get('Content-Disposition') ?? '') ?? [];
        // Browsers keep what is large on disk.
        const blob = await response.blob().catch(() => {
          throw new Unreachable('broken off');
        });
        save(blob, name);
        return `${name}: ${blob.size.toLocaleString('en')} octets.`;
      } catch (failed) {
        if (!signal.aborted) throw failed;
        // Its button goes, and the keyboard would begin at the top.
        outcome.current?.focus();
        return 'It was broken off: nothing is kept of it.';
      }
    },
  });
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isPending) mutate(new FormData(event.currentTarget));
  };
  return (
    <section aria-labelledby="export">
      <h2 id="export">{emailId === undefined ? 'Download an export' : 'Download an export of it'}</h2>
      <p>
        One file with events as they were recorded, and what proves that nothing is missing or changed. What
        names people stays encrypted in it. That you took it is written down with your name.
      </p>
      <form onSubmit={onSubmit}>
        <Problem error={error} />
        {emailId === undefined && (
          <div className="row">
            <label>
              Recorded from
              <input name="from" type="datetime-local" step="1" />
            </label>
            <label>
              before
              <input name="to" type="datetime-local" step="1" />
            </label>
          </div>
        )}
        <label>
          Why, for the history
          <input name="reason" required maxLength={1_000} autoComplete="off" />
        </label>
        <button>{isPending ? 'Fetching …' : 'Download'}</button>{' '}
        {isPending && (
          <button type="button" className="second" onClick={() => stopping.current?.abort()}>
            Break off
          </button>
        )}
      </form>
      <p role="status" tabIndex={-1} ref={outcome}>
        {data}
      </p>
    </section>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Not before the browser has it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
