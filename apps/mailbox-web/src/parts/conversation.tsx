// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { writtenOf, writtenPdfOf, type Entry } from '../api.ts';
import { useSize, useTimes, useWords } from '../words/language.tsx';
import { namesOf } from './people.ts';
import { Saved } from './saved.tsx';

/**
 * What was written before and since, in both directions, the oldest first; nothing where there is only what is read.
 *
 * @param reading the message that is shown above; null: none is.
 */
export function Conversation({ entries, reading }: { entries: readonly Entry[]; reading: string | null }) {
  const { conversation: words, messages, moreProof } = useWords();
  const { moment } = useTimes();
  if (reading !== null && entries.length < 2) return null;
  return (
    <section>
      {reading !== null && <h2>{words.title}</h2>}
      <ol className="messages">
        {entries.map((entry) =>
          entry.kind !== 'message' ? (
            <Written key={entry.replyId} written={entry} />
          ) : (
            <li key={entry.messageId}>
              <p className="hint">{moment(entry.at)}</p>
              {entry.messageId === reading ? (
                <p aria-current="true">{words.thisOne}</p>
              ) : (
                <Link to={`/messages/${entry.messageId}`}>
                  {entry.lacks.length > 0
                    ? moreProof.title
                    : entry.isAnswer
                      ? words.theirs(namesOf(entry.from))
                      : entry.subject === ''
                        ? messages.noSubject
                        : entry.subject}
                </Link>
              )}
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

/** What the reader wrote. */
function Written({ written }: { written: Exclude<Entry, { kind: 'message' }> }) {
  const { at, text, files, replyId, isLeftOut, lacks } = written;
  const { conversation: words, message, language, moreProof } = useWords();
  const { moment } = useTimes();
  const sizeOf = useSize();
  if (lacks.length > 0)
    return (
      <li>
        <p className="hint">{words.yours(moment(at))}</p>
        <p>{moreProof.title}</p>
      </li>
    );
  return (
    <li>
      <p className="hint">
        {written.kind === 'letter' ? words.letter(written.contact, moment(at)) : words.yours(moment(at))}
      </p>
      {written.kind === 'letter' && written.subject !== '' && (
        <p>
          <strong>{written.subject}</strong>
        </p>
      )}
      {isLeftOut ? <p className="hint">{words.leftOut}</p> : <p className="text">{text}</p>}
      {files.length > 0 && (
        <ul>
          {files.map(({ name, size }, index) => (
            <li key={index}>{message.save(name, sizeOf(size))}</li>
          ))}
        </ul>
      )}
      <p>
        <Saved href={writtenOf(replyId)} label={words.save} name={words.saveOf(moment(at))} />{' '}
        <Saved
          href={writtenPdfOf(replyId, language)}
          label={words.savePdf}
          name={words.savePdfOf(moment(at))}
        />
      </p>
    </li>
  );
}
