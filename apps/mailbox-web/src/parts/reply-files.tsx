// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import { addFile, api, Refusal, type DraftFile } from '../api.ts';
import { useSize, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';

interface ReplyFilesProps {
  messageId: string;
  files: readonly DraftFile[];
  onChange: (change: (files: DraftFile[]) => DraftFile[]) => void;
}

/** Files of an answer: each goes up at once, by itself, and says how far it is. */
export function ReplyFiles({ messageId, files, onChange }: ReplyFilesProps) {
  const { reply: words, message } = useWords();
  const sizeOf = useSize();
  const id = useId();
  const [going, setGoing] = useState<{ name: string; share: number } | null>(null);
  const [faults, setFaults] = useState<string[]>([]);
  const faultOf = (name: string, error: unknown) => {
    const kind = error instanceof Refusal ? error.kind : '';
    if (kind === 'file-refused') return words.fileRefused(name);
    return kind === 'reply-too-large' ? words.fileTooLarge(name) : words.fileNotAdded(name);
  };
  const add = async (chosen: readonly File[]) => {
    setFaults([]);
    for (const file of chosen) {
      setGoing({ name: file.name, share: 0 });
      try {
        const added = await addFile(messageId, file, (share) => setGoing({ name: file.name, share }));
        onChange((before) => [...before, added]);
      } catch (error) {
        setFaults((before) => [...before, faultOf(file.name, error)]);
      }
    }
    setGoing(null);
  };
  const remove = async ({ fileId, name }: DraftFile) => {
    try {
      await api.removeFile(messageId, fileId);
      onChange((before) => before.filter((each) => each.fileId !== fileId));
    } catch {
      setFaults([words.fileNotRemoved(name)]);
    }
  };
  return (
    <>
      <label htmlFor={id}>{words.files}</label>
      <input
        id={id}
        type="file"
        multiple
        disabled={going !== null}
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
