// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, useState } from 'react';
import { api, filesOf, Refusal, type Draft, type DraftFile, type Place } from '../api.ts';
import type { Uploading } from '../upload.ts';
import { useCount, useSize, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';

interface DraftFilesProps {
  place: Place;
  draftId: string;
  files: readonly DraftFile[];
  limits: Draft['limits'];
  onChange: (change: (files: DraftFile[]) => DraftFile[]) => void;
  /** Whether one is going up, or waits to. */
  onAdding: (isAdding: boolean) => void;
  /** What is answered is gone. */
  onEnded: () => void;
}

/** What goes up at this moment. */
interface Going {
  name: string;
  /** From 0 to 1. */
  share: number;
  isWaiting: boolean;
}

/** What goes up once those before it have. */
interface Next {
  key: string;
  file: File;
}

/** What waits when the page is left is begun: whoever comes back chooses it again, or takes it out, and sends nothing before. */
async function leave(left: readonly Next[], place: Place, draftId: string): Promise<void> {
  const { beginOnly } = await import('../upload.ts');
  for (const { file } of left)
    await beginOnly(file, `${filesOf(place)}?draft=${encodeURIComponent(draftId)}`).catch(() => undefined);
}

/** What is left on the page would be lost with it. */
const warn = (event: Event) => event.preventDefault();

/** Steps in which is told how far a file is: nobody wants to hear each percent. */
const STEPS = 4;
/** So often it is asked what became of a check. Milliseconds. */
const ASK_EVERY = 2_000;
/** And so often at most: a page that is left open is to be signed out all the same. */
const ASKED_AT_MOST = 300;
/** By what its words are called, too. */
const isRefused = (check: DraftFile['check']): check is 'harmful' | 'unscannable' =>
  check === 'harmful' || check === 'unscannable';
const isWaiting = ({ check }: DraftFile) => check === 'under-way' || check === 'delayed';
const percentOf = (share: number) => Math.floor(share * 100);

/** Files of what somebody writes: one after the other goes up, by itself, says how far it is, and goes on where it broke off. */
export function DraftFiles(props: DraftFilesProps) {
  const { place, draftId, files, limits, onChange, onAdding, onEnded } = props;
  const { writing: words, message, problems } = useWords();
  const countOf = useCount();
  const sizeOf = useSize();
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const shown = useRef(files);
  const uploading = useRef<Uploading | null>(null);
  const [going, setGoing] = useState<Going | null>(null);
  const queue = useRef<Next[]>([]);
  const isBusy = useRef(false);
  const [nexts, setNexts] = useState<readonly Next[]>([]);
  const [added, setAdded] = useState('');
  const [faults, setFaults] = useState<string[]>([]);
  // What has gone up stays there: the page that is come back to shows it.
  useEffect(
    () => () => {
      const left = queue.current;
      queue.current = [];
      void uploading.current?.stop(false);
      if (left.length > 0) void leave(left, place, draftId);
    },
    [place, draftId],
  );
  const isGoing = going !== null;
  useEffect(() => {
    if (!isGoing) return undefined;
    globalThis.addEventListener('beforeunload', warn);
    return () => globalThis.removeEventListener('beforeunload', warn);
  }, [isGoing]);
  const tooLarge = ({ name, size }: File) => {
    const { maxBytes, maxFiles } = limits;
    if (size > maxBytes) return words.fileTooLarge(name, sizeOf(size), sizeOf(maxBytes));
    return shown.current.length < maxFiles
      ? words.filesTooLarge(name, sizeOf(maxBytes))
      : words.tooManyFiles(name, countOf(maxFiles));
  };
  const faultOf = (file: File, error: unknown) => {
    const { name } = file;
    const kind = error instanceof Refusal ? error.kind : '';
    if (kind === 'file-refused') return words.fileRefused(name);
    if (kind === 'draft-not-found') return words.gone;
    if (kind === 'draft-being-sent') return words.beingSent;
    if (kind === 'not-signed-in') return words.signedOut;
    if (kind === 'mailbox-message-ended') return problems.ended.text;
    return kind === 'reply-too-large' ? tooLarge(file) : words.fileNotAdded(name);
  };
  /** As the server has them, which gives them names; what it can't say now stays as it was. */
  const load = async (otherwise: (before: DraftFile[]) => DraftFile[] = (before) => before) => {
    const found = await api.draft(place).catch(() => null);
    const draft = found?.draft?.draftId === draftId ? found.draft : null;
    for (const { fileId, name, check } of draft?.files ?? []) {
      const before = shown.current.find((each) => each.fileId === fileId);
      if (before === undefined || !isWaiting(before)) continue;
      if (check === 'clean') setAdded(words.isAdded(name));
      if (isRefused(check)) setFaults((all) => [...all, words[check](name)]);
    }
    onChange((before) => draft?.files ?? otherwise(before));
    return draft?.files ?? [];
  };
  const ask = useRef(load);
  useEffect(() => {
    shown.current = files;
    ask.current = load;
  });
  const isChecking = files.some(isWaiting);
  useEffect(() => {
    if (!isChecking) return undefined;
    let asked = 0;
    const asking = setInterval(() => {
      asked += 1;
      if (asked > ASKED_AT_MOST) clearInterval(asking);
      else void ask.current();
    }, ASK_EVERY);
    return () => clearInterval(asking);
  }, [isChecking]);
  const sendUp = async (file: File) => {
    const { name, size } = file;
    setGoing({ name, share: 0, isWaiting: false });
    const { startUpload, isBeginningOf } = await import('../upload.ts');
    let begun: DraftFile | undefined;
    for (const each of shown.current) begun ??= (await isBeginningOf(file, each)) ? each : undefined;
    const endpoint = filesOf(place);
    uploading.current = startUpload(file, {
      endpoint: `${endpoint}?draft=${encodeURIComponent(draftId)}`,
      at: begun === undefined ? null : `${endpoint}/${begun.fileId}`,
      onShare: (share) => {
        setGoing({ name, share, isWaiting: false });
      },
      onWaiting: () => {
        setGoing((before) => before && { ...before, isWaiting: true });
      },
    });
    const fileId = await uploading.current.done;
    const now = await load((before) => [
      ...before.filter((each) => each.fileId !== fileId),
      ...(fileId === null ? [] : [{ fileId, name, size, missing: null, check: null }]),
    ]);
    const sent = now.find((each) => each.fileId === fileId);
    const check = sent?.check ?? null;
    if (isRefused(check)) setFaults((all) => [...all, words[check](name)]);
    else if (fileId !== null)
      setAdded(sent !== undefined && isWaiting(sent) ? words.checking(name) : words.isAdded(name));
  };
  const line = (change: (before: Next[]) => Next[]) => {
    queue.current = change(queue.current);
    setNexts(queue.current);
  };
  const add = async (chosen: readonly File[]) => {
    if (chosen.length === 0) return;
    line((before) => [...before, ...chosen.map((file) => ({ key: crypto.randomUUID(), file }))]);
    if (isBusy.current) {
      setAdded(words.queued(chosen.map(({ name }) => name)));
      return;
    }
    isBusy.current = true;
    setFaults([]);
    setAdded('');
    onAdding(true);
    for (let next = queue.current[0]; next !== undefined; next = queue.current[0]) {
      const { file } = next;
      line(([, ...others]) => others);
      try {
        await sendUp(file);
      } catch (error) {
        setFaults((before) => [...before, faultOf(file, error)]);
        if (error instanceof Refusal && error.kind === 'mailbox-message-ended') {
          // Nothing that waits can be attached either.
          line(() => []);
          onEnded();
        }
        await load();
      }
      uploading.current = null;
    }
    isBusy.current = false;
    setGoing(null);
    onAdding(false);
  };
  const leaveOut = ({ key, file }: Next) => {
    line((before) => before.filter((each) => each.key !== key));
    setAdded(words.isRemoved(file.name));
    // Its button is gone, and with it the focus.
    chooser.current?.focus();
  };
  const stop = async () => {
    await uploading.current?.stop(true);
    // Its button is gone, and with it the focus.
    chooser.current?.focus();
  };
  const remove = async ({ fileId, name }: DraftFile) => {
    try {
      await api.removeFile(place, fileId);
      onChange((before) => before.filter((each) => each.fileId !== fileId));
      setFaults([]);
      setAdded(words.isRemoved(name));
      // Its button is gone, and with it the focus.
      chooser.current?.focus();
    } catch {
      setFaults([words.fileNotRemoved(name)]);
    }
  };
  const told = () => {
    if (going === null) return added;
    if (going.isWaiting) return words.waiting(going.name);
    const step = Math.floor(going.share * STEPS);
    if (step === 0) return added;
    return step === STEPS ? '' : words.goneUp(going.name, percentOf(step / STEPS));
  };
  const sayOf = ({ name, size, missing, check }: DraftFile) => {
    if (missing !== null) return words.isBegun(name, percentOf(missing.received / size));
    if (check === 'under-way') return words.checking(name);
    if (check === 'delayed') return words.checkDelayed(name);
    return isRefused(check) ? words[check](name) : message.save(name, sizeOf(size));
  };
  // What goes up stands above.
  const listed = files.filter(({ missing }) => missing === null || missing.chosenAs !== going?.name);
  return (
    <>
      <label htmlFor={id}>{words.files}</label>
      <input
        id={id}
        ref={chooser}
        type="file"
        multiple
        aria-describedby={`${id}-most`}
        onChange={({ target }) => {
          const chosen = [...(target.files ?? [])];
          // The same one may be chosen again.
          target.value = '';
          void add(chosen);
        }}
      />
      <p id={`${id}-most`} className="hint">
        {words.mostFiles(countOf(limits.maxFiles), sizeOf(limits.maxBytes))}
      </p>
      {going !== null && (
        <p>
          {going.name} <progress aria-label={words.adding(going.name)} value={going.share} max={1} />{' '}
          <Act second label={words.stop(going.name)} onAct={() => void stop()} />
        </p>
      )}
      {nexts.length > 0 && (
        <ul aria-label={words.nextFiles}>
          {nexts.map((next) => (
            <li key={next.key}>
              {words.isNext(next.file.name)}{' '}
              <Act second label={words.remove(next.file.name)} onAct={() => leaveOut(next)} />
            </li>
          ))}
        </ul>
      )}
      <p role="status" className={going?.isWaiting === true ? 'hint' : 'announced'}>
        {told()}
      </p>
      <p role="alert">{faults.join(' ')}</p>
      {listed.length > 0 && (
        <ul aria-label={words.added}>
          {listed.map((file) => (
            <li key={file.fileId}>
              {sayOf(file)} <Act second label={words.remove(file.name)} onAct={() => void remove(file)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
