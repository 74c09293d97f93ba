// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import type { Entry } from '../api.ts';
import { useSize, useTimes, useWords } from '../words/language.tsx';

/** What was written before and since, in both directions, the oldest first; nothing where there is only what is read. */
export function Conversation({ entries, reading }: { entries: readonly Entry[]; reading: string }) {
  const { conversation: words, messages } = useWords();
  const { moment } = useTimes();
  if (entries.length < 2) return null;
  return (
    <section>
      <h2>{words.title}</h2>
      <ol className="messages">
        {entries.map((entry) =>
          entry.kind === 'reply' ? (
            <Reply key={entry.replyId} reply={entry} />
          ) : (
            <li key={entry.messageId}>
              <p className="hint">{moment(entry.at)}</p>
              {entry.messageId === reading ? (
                <p aria-current="true">{words.thisOne}</p>
              ) : (
                <Link to={`/messages/${entry.messageId}`}>
                  {entry.subject === '' ? messages.noSubject : entry.subject}
                </Link>
              )}
            </li>
          ),
        )}
      </ol>
    </section>
  );
}

function Reply({ reply: { at, text, files } }: { reply: Extract<Entry, { kind: 'reply' }> }) {
  const { conversation: words, message } = useWords();
  const { moment } = useTimes();
  const sizeOf = useSize();
  return (
    <li>
      <p className="hint">{words.yours(moment(at))}</p>
      <p className="text">{text}</p>
      {files.length > 0 && (
        <ul>
          {files.map(({ name, size }, index) => (
            <li key={index}>{message.save(name, sizeOf(size))}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
