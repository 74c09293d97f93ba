// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, type Credential } from '../api.ts';
import { useTimes, useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { AddPasskey } from './add-passkey.tsx';
import { Problem } from './problem.tsx';
import { SetPassword } from './set-password.tsx';

/** By what somebody signs in beside a code; he adds to that, and takes away from it. */
export function Credentials() {
  const { credentials: words } = useWords();
  const queries = useQueryClient();
  const [told, setTold] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const found = useQuery({ queryKey: ['credentials'], queryFn: () => api.credentials() });
  const changed = async (what: string) => {
    await queries.invalidateQueries({ queryKey: ['credentials'] });
    setTold(what);
    // What was pressed may be gone.
    heading.current?.focus();
  };
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        {words.title}
      </h2>
      <p>{words.explain}</p>
      <p role="status">{told}</p>
      {found.isError && <Problem error={found.error} onTryAgain={() => void found.refetch()} />}
      {found.data !== undefined && (
        <>
          {found.data.credentials.length > 0 && (
            <ul className="messages">
              {found.data.credentials.map((credential) => (
                <Listed
                  key={credential.credentialId}
                  credential={credential}
                  onRemoved={() => void changed(words.removed)}
                />
              ))}
            </ul>
          )}
          {!found.data.mayAdd && <p>{words.anew}</p>}
          {found.data.mayAdd && <AddPasskey onAdded={() => void changed(words.added)} />}
          {found.data.mayAdd && found.data.passwords && (
            <SetPassword
              isThere={found.data.credentials.some(({ kind }) => kind === 'password')}
              onSet={() => void changed(words.passwordSet)}
            />
          )}
        </>
      )}
    </section>
  );
}

function Listed({ credential, onRemoved }: { credential: Credential; onRemoved: () => void }) {
  const { credentials: words, language } = useWords();
  const { moment } = useTimes();
  const { credentialId, addedAt, usedAt } = credential;
  const name = credential.name ?? words.password;
  const removing = useMutation({
    mutationFn: () => api.removeCredential(credentialId, language),
    onSuccess: onRemoved,
  });
  return (
    <li>
      <p>{credential.kind === 'passkey' ? words.passkey(name) : name}</p>
      <p className="hint">
        {words.since(moment(addedAt))}
        <br />
        {usedAt === null ? words.notUsed : words.used(moment(usedAt))}
      </p>
      <Act second label={words.remove(name)} onAct={() => removing.mutate()} isPending={removing.isPending} />
      <p role="alert">{removing.isError ? words.notRemoved : ''}</p>
    </li>
  );
}
