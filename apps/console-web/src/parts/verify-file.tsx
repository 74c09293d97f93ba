// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useFiles } from '../session.tsx';
import type { Order, Word } from '../verify/messages.ts';
import { startWorker } from '../verify/start-worker.ts';
import { textIn } from './moment.ts';
import { Problem } from './problem.tsx';

type Standing = Exclude<Word, { kind: 'progress' }> | { kind: 'running'; octets: number; of: number } | null;

/** Verifies an export in the browser: the file goes nowhere, and neither does the verdict. */
export function VerifyFile() {
  const [standing, setStanding] = useState<Standing>(null);
  const worker = useRef<Worker>(null);
  const outcome = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Fetched with the page: it verifies where the network is gone, too.
    worker.current = startWorker();
    return () => worker.current?.terminate();
  }, []);
  const isOver = standing !== null && standing.kind !== 'running';
  useEffect(() => {
    if (isOver) outcome.current?.focus();
  }, [isOver]);
  const anew = () => {
    worker.current?.terminate();
    worker.current = startWorker();
    return worker.current;
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    const at = worker.current;
    if (standing?.kind === 'running' || !(file instanceof File) || at === null) return;
    const failed = () => {
      setStanding({ kind: 'failed', text: 'The part of the page that verifies could not be run.' });
      anew();
    };
    at.onerror = failed;
    at.onmessage = ({ data }: MessageEvent<Word>) =>
      setStanding(data.kind === 'progress' ? { kind: 'running', octets: data.octets, of: file.size } : data);
    setStanding({ kind: 'running', octets: 0, of: file.size });
    at.postMessage({ file, keys: textIn(form, 'keys') } satisfies Order);
  };
  return (
    <section aria-labelledby="verify">
      <h2 id="verify">Verify a file</h2>
      <p>
        Whether an export is as it was taken, and everything in it is in the ledger. It is read in this
        browser, however large it is: nothing of it is sent anywhere, and no network is needed.
      </p>
      <form onSubmit={onSubmit}>
        <label>
          The file
          <input name="file" type="file" required accept=".jsonl" />
        </label>
        <Keys />
        <button>Verify</button>{' '}
        {standing?.kind === 'running' && (
          <button
            type="button"
            className="second"
            onClick={() => {
              anew();
              setStanding(null);
            }}
          >
            Cancel
          </button>
        )}
      </form>
      {standing?.kind === 'running' && (
        <p>
          <progress aria-label="Read so far" value={standing.octets} max={Math.max(1, standing.of)} />{' '}
          {standing.octets.toLocaleString('en')} of {standing.of.toLocaleString('en')} octets
        </p>
      )}
      <p role="status">{standing?.kind === 'running' && 'Verifying …'}</p>
      {standing?.kind === 'failed' && (
        <div className="wrong">
          <h3 tabIndex={-1} ref={outcome}>
            No verdict
          </h3>
          <p>{standing.text}</p>
        </div>
      )}
      {standing?.kind === 'verdict' && (
        <div className={standing.isVerified ? 'right' : 'wrong'}>
          <h3 tabIndex={-1} ref={outcome}>
            {standing.isVerified ? 'Verified' : 'Not verified'}
          </h3>
          <dl className="lines">
            {standing.lines.map(([about, text], index) => (
              <div key={index}>
                <dt>{about}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </section>
  );
}

function Keys() {
  const files = useFiles();
  const [keys, setKeys] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => (await files('/v1/ledger/key')).text(),
    onSuccess: setKeys,
  });
  return (
    <>
      <label>
        The public key of the ledger, of witnesses, too, one a line
        <textarea
          name="keys"
          required
          rows={3}
          spellCheck={false}
          autoComplete="off"
          aria-describedby="keys-help"
          value={keys}
          onChange={({ currentTarget }) => setKeys(currentTarget.value)}
        />
      </label>
      <p id="keys-help" className="help">
        Who trusts nobody, this gateway included, brings the key from elsewhere: as it was handed over once,
        where nobody could change it. With the key from here a file is proven only as far as you trust this
        page.
      </p>
      <Problem error={error} />
      <p>
        <button type="button" className="second" onClick={() => !isPending && mutate()}>
          {isPending ? 'Fetching …' : 'Use the key from this gateway'}
        </button>
      </p>
    </>
  );
}
