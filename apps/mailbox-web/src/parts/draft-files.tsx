// SPDX-License-Identifier: Apache-2.0
import { useId, useRef, useState } from 'react';
import { addFile, api, Refusal, type DraftFile, type Place } from '../api.ts';
import { useSize, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';

interface DraftFilesProps {
  place: Place;
  draftId: string;
  files: readonly DraftFile[];
  onChange: (change: (files: DraftFile[]) => DraftFile[]) => void;
  /** Whether one is going up. */
  onAdding: (isAdding: boolean) => void;
}

/** Files of what somebody writes: each goes up at once, by itself, and says how far it is. */
export function DraftFiles({ place, draftId, files, onChange, onAdding }: DraftFilesProps) {
  const { writing: words, message } = useWords();
  const sizeOf = useSize();
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const [going, setGoing] = useState<{ name: string; share: number } | null>(null);
  const [added, setAdded] = useState('');
  const [faults, setFaults] = useState<string[]>([]);
  const faultOf = (name: string, error: unknown) => {
    const kind = error instanceof Refusal ? error.kind : '';
    if (kind === 'file-refused') return words.fileRefused(name);
    if (kind === 'draft-not-found') return words.gone;
    if (kind === 'draft-being-sent') return words.beingSent;
    if (kind === 'not-signed-in') return words.signedOut;
    return kind === 'reply-too-large' ? words.fileTooLarge(name) : words.fileNotAdded(name);
  };
  const add = async (chosen: readonly File[]) => {
    if (going !== null) return;
    setFaults([]);
    setAdded('');
    onAdding(true);
    for (const file of chosen) {
      setGoing({ name: file.name, share: 0 });
      try {
        const added = await addFile(place, draftId, file, (share) => setGoing({ name: file.name, share }));
        onChange((before) => [...before, added]);
        setAdded(words.isAdded(added.name));
      } catch (error) {
        setFaults((before) => [...before, faultOf(file.name, error)]);
      }
    }
    setGoing(null);
    onAdding(false);
  };
  const remove = async ({ fileId, name }: DraftFile) => {
    try {
      await api.removeFile(place, fileId);
      onChange((before) => before.filter((each) => each.fileId !== fileId));
      // Its button is gone, and with it the focus.
      chooser.current?.focus();
    } catch {
      setFaults([words.fileNotRemoved(name)]);
    }
  };
  return (
    <>
      <label htmlFor={id}>{words.files}</label>
      <input
        id={id}
        ref={chooser}
        type="file"
        multiple
        aria-disabled={going !== null}
        onChange={({ target }) => {
          void add([...(target.files ?? [])]).then(() => {
            target.value = '';
          });
        }}
      />
      {going !== null && (
        <p>
          {going.name} <progress aria-label={words.adding(going.name)} value={going.share} max={1} />
        </p>
      )}
      <p role="status" className="announced">
        {added}
      </p>
      <p role="alert">{faults.join(' ')}</p>
      {files.length > 0 && (
        <ul aria-label={words.added}>
          {files.map((file) => (
            <li key={file.fileId}>
              {message.save(file.name, sizeOf(file.size))}{' '}
              <Act second label={words.remove(file.name)} onAct={() => void remove(file)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
