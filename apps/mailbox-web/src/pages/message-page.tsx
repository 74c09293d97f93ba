// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useParams } from 'react-router';
import { answerTo, api, bodyOf, partOf, pdfOf, Refusal, wholeOf, type Message } from '../api.ts';
import { Act } from '../parts/act.tsx';
import { Conversation } from '../parts/conversation.tsx';
import { Decline } from '../parts/decline.tsx';
import { LeftAnswer } from '../parts/left-answer.tsx';
import { Loading } from '../parts/loading.tsx';
import { MoreProof } from '../parts/more-proof.tsx';
import { Page } from '../parts/page.tsx';
import { namesOf } from '../parts/people.ts';
import { Problem } from '../parts/problem.tsx';
import { isProofDemanded } from '../parts/proof-demanded.ts';
import { Reply } from '../parts/reply.tsx';
import { Saved, useFault } from '../parts/saved.tsx';
import { UnkeptTexts } from '../parts/unkept-texts.tsx';
import { useSize, useTimes, useWords } from '../words/language.tsx';

export function MessagePage() {
  const { messageId = '' } = useParams();
  const { message: words, messages, letter, decline, language, moreProof, problems, unkept } = useWords();
  const [isDeclined, setDeclined] = useState(false);
  const { end, moment } = useTimes();
  const found = useQuery({ queryKey: ['message', messageId], queryFn: () => api.message(messageId) });
  if (isDeclined)
    return (
      <Page title={decline.done.title}>
        <p>{decline.done.text}</p>
        <LeftAnswer messageId={messageId} />
        <p>
          <Link to="/messages">{words.back}</Link>
        </p>
      </Page>
    );
  if (found.isPending) return <Loading />;
  if (isProofDemanded(found.error))
    return (
      <Page title={moreProof.title}>
        <MoreProof lacks={found.error.proofs} where={{ message: messageId }} />
        <UnkeptTexts explain={unkept.onceProven} place={answerTo(messageId)} />
        <Decline messageId={messageId} onDone={() => setDeclined(true)} />
        <p>
          <Link to="/messages">{words.back}</Link>
        </p>
      </Page>
    );
  if (found.error instanceof Refusal && found.error.kind === 'mailbox-message-ended')
    return (
      <Page title={problems.ended.title}>
        <p>{problems.ended.text}</p>
        <LeftAnswer messageId={messageId} />
        <p>
          <Link to="/messages">{words.back}</Link>
        </p>
      </Page>
    );
  const message = found.data;
  // What is read, and what is written beneath it, stays where it can't be loaded anew.
  if (message === undefined || found.error instanceof Refusal)
    return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  const { name, ownSubject } = message;
  return (
    <Page title={name === '' ? messages.noSubject : name}>
      <dl>
        {ownSubject && (
          <>
            <dt>{letter.subject}</dt>
            <dd>{ownSubject}</dd>
          </>
        )}
        <dt>{words.from}</dt>
        <dd>{namesOf(message.from)}</dd>
        <dt>{words.to}</dt>
        <dd>{namesOf(message.to)}</dd>
        {message.cc.length > 0 && (
          <>
            <dt>{words.cc}</dt>
            <dd>{namesOf(message.cc)}</dd>
          </>
        )}
        <dt>{words.received}</dt>
        <dd>{moment(message.depositedAt)}</dd>
        <dt>{words.until}</dt>
        <dd>{end(message.endsAt)}</dd>
      </dl>
      <Content message={message} />
      <Parts message={message} />
      <p>
        <Saved href={wholeOf(messageId)} label={words.saveWhole} />
        <br />
        <Saved href={pdfOf(messageId, language)} label={words.savePdf} />
      </p>
      <Conversation entries={message.conversation} reading={messageId} />
      <Reply
        key={messageId}
        messageId={messageId}
        entries={message.conversation.length}
        other={message.draft?.messageId === messageId ? null : message.draft}
      />
      <Decline messageId={messageId} onDone={() => setDeclined(true)} />
      <p>
        <Link to="/messages">{words.back}</Link>
      </p>
    </Page>
  );
}

/** What was written: with its formatting in a frame that is a world of its own, or as text. */
function Content({ message: { messageId, text, hasHtml, hasTooMuchHtml } }: { message: Message }) {
  const { message: words } = useWords();
  const [asText, setAsText] = useState(!hasHtml);
  const hasText = text !== null && text.trim() !== '';
  return (
    <section aria-label={words.content}>
      {asText ? (
        <>
          {hasTooMuchHtml && <p className="hint">{words.tooMuch}</p>}
          {(hasText || !hasTooMuchHtml) && <p className="text">{hasText ? text : words.empty}</p>}
        </>
      ) : (
        <Formatted messageId={messageId} text={text} />
      )}
      {hasHtml && hasText && (
        <Act second label={asText ? words.showFormatted : words.showText} onAct={() => setAsText(!asText)} />
      )}
    </section>
  );
}

/** A browser puts a page of its own into a frame that it gets nothing for: so it is asked for first. */
function Formatted({ messageId, text }: Pick<Message, 'messageId' | 'text'>) {
  const { message: words, tryAgain } = useWords();
  const faultOf = useFault();
  const queries = useQueryClient();
  const body = bodyOf(messageId);
  const found = useQuery({
    queryKey: ['body', messageId],
    queryFn: () => api.askFor(body),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });
  const isRefused = found.error instanceof Refusal;
  useEffect(() => {
    // The page says why.
    if (isRefused) void queries.invalidateQueries({ queryKey: ['message', messageId] });
  }, [isRefused, messageId, queries]);
  if (found.isPending) return <Loading />;
  if (found.error !== null)
    return (
      <>
        <p role="alert">{faultOf(found.error)}</p>
        <Act label={tryAgain} onAct={() => void found.refetch()} isPending={found.isFetching} />
      </>
    );
  return (
    <>
      <iframe
        title={words.content}
        src={body}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
      />
      {/* Of a frame paper gets what is seen of it. */}
      <p className="text printed">{text}</p>
      <p className="hint">{words.outside}</p>
    </>
  );
}

function Parts({ message: { messageId, parts } }: { message: Message }) {
  const { message: words } = useWords();
  const sizeOf = useSize();
  const saved = parts.filter(({ inline }) => !inline);
  if (saved.length === 0) return null;
  return (
    <section>
      <h2>{words.parts}</h2>
      <ul>
        {saved.map(({ ordinal, filename, size }) => (
          <li key={ordinal}>
            <Saved href={partOf(messageId, ordinal)} label={words.save(filename, sizeOf(size))} />
          </li>
        ))}
      </ul>
    </section>
  );
}
