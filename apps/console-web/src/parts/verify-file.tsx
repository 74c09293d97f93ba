// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useFiles } from '../session.tsx';
import type { Order, Word } from '../verify/messages.ts';
import { startWorker } from '../verify/start-worker.ts';
import { textIn } from './moment.ts';
import { Problem } from './problem.tsx';

type Standing =
  | null
  | { kind: 'running'; octets: number; of: number }
  | { kind: 'cancelled' }
  | (Exclude<Word, { kind: 'progress' }> & { name: string });

/** Verifies an export in the browser: the file goes nowhere, and neither does the verdict. */
export function VerifyFile() {
  const [standing, setStanding] = useState<Standing>(null);
  const worker = useRef<Worker>(null);
  const outcome = useRef<HTMLHeadingElement & HTMLParagraphElement>(null);
  useEffect(() => {
    // Fetched with the page: it verifies where the network is gone, too.
    worker.current = startWorker();
    return () => worker.current?.terminate();
  }, []);
  const isRunning = standing?.kind === 'running';
  const isOver = standing !== null && !isRunning;
  useEffect(() => {
    if (isOver) outcome.current?.focus();
  }, [isOver]);
  const stop = (then: Standing) => {
    if (isRunning) {
      worker.current?.terminate();
      worker.current = startWorker();
    }
    setStanding(then);
  };
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    const at = worker.current;
    if (isRunning || !(file instanceof File) || at === null) return;
    const { name, size: of } = file;
    at.onerror = () => {
      setStanding({ kind: 'failed', name, text: 'The part of the page that verifies could not be run.' });
      worker.current = startWorker();
    };
    at.onmessage = ({ data }: MessageEvent<Word>) => {
      // What was called off may have said something still.
      if (at !== worker.current) return;
      setStanding(
        data.kind === 'progress' ? { kind: 'running', octets: data.octets, of } : { ...data, name },
      );
    };
    setStanding({ kind: 'running', octets: 0, of });
    at.postMessage({ file, keys: textIn(form, 'keys') } satisfies Order);
  };
  // A verdict is about one file and one key, and is not to stand beside others.
  const onChanged = () => stop(null);
  return (
    <section aria-labelledby="verify">
      <h2 id="verify">Verify a file</h2>
      <p>
        Whether an export, or the proof that came with a receipt, is as it was taken, and everything in it is
        in the ledger. It is read in this browser, however large it is: nothing of it is sent anywhere, and no
        network is needed.
      </p>
      <form onSubmit={onSubmit}>
        <label>
          The file
          <input name="file" type="file" required accept=".jsonl,.tlog-proof" onChange={onChanged} />
        </label>
        <Keys onChanged={onChanged} />
        <button>Verify</button>{' '}
        {isRunning && (
          <button type="button" className="second" onClick={() => stop({ kind: 'cancelled' })}>
            Cancel
          </button>
        )}
      </form>
      {isRunning && (
        <p>
          <progress aria-label="Read so far" value={standing.octets} max={Math.max(1, standing.of)} />{' '}
          {standing.octets.toLocaleString('en')} of {standing.of.toLocaleString('en')} octets
        </p>
      )}
      <p role="status" tabIndex={-1} ref={standing?.kind === 'cancelled' ? outcome : null}>
        {isRunning ? 'Verifying …' : standing?.kind === 'cancelled' && 'Cancelled: there is no verdict.'}
      </p>
      {(standing?.kind === 'failed' || standing?.kind === 'verdict') && (
        <div className={standing.kind === 'verdict' && standing.isVerified ? 'right' : 'wrong'}>
          <h3 tabIndex={-1} ref={outcome}>
            {standing.kind === 'failed' ? 'No verdict' : standing.isVerified ? 'Verified' : 'Not verified'}
          </h3>
          <dl className="lines">
            {linesOf(standing).map(([about, text], index) => (
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

const linesOf = (over: Extract<Standing, { name: string }>): (readonly [about: string, text: string])[] => [
  ['file', over.name],
  ...(over.kind === 'failed' ? [['why', over.text] as const] : over.lines),
];

function Keys({ onChanged }: { onChanged: () => void }) {
  const files = useFiles();
  const [keys, setKeys] = useState('');
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => (await files('/v1/ledger/key')).text(),
    onSuccess: (text) => {
      onChanged();
      setKeys(text);
    },
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
          onChange={({ currentTarget }) => {
            onChanged();
            setKeys(currentTarget.value);
          }}
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
