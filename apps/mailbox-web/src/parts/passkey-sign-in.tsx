// SPDX-License-Identifier: Apache-2.0
import { useMutation } from '@tanstack/react-query';
import { api, Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';
import { Act } from './act.tsx';
import { answerOf, useKnowsPasskeys, LeftUndone } from './passkeys.ts';
import { Problem } from './problem.tsx';
import { useSignedIn } from './use-signed-in.ts';

/** Signs in who has added a passkey before; the code stays the first way. */
export function PasskeySignIn({ where }: { where: { link: string } | { organisation: string } }) {
  const { passkey: words } = useWords();
  const goOn = useSignedIn();
  const isKnown = useKnowsPasskeys();
  const proving = useMutation({
    mutationFn: async () => api.proveByPasskey(await answerOf(await api.askForPasskey(where))),
    onSuccess: ({ messageId }) => goOn(messageId),
  });
  if (!isKnown) return null;
  const { error } = proving;
  const isRefused = error instanceof Refusal && error.kind === 'passkey-refused';
  const isStopped = error instanceof LeftUndone;
  if (error !== null && !isRefused && !isStopped)
    return <Problem error={error} onTryAgain={() => proving.reset()} />;
  return (
    <div className="other-way">
      <p>{words.explain}</p>
      <Act second label={words.signIn} onAct={() => proving.mutate()} isPending={proving.isPending} />
      <p role="alert">{isRefused ? words.refused : isStopped ? words.stopped : ''}</p>
    </div>
  );
}
