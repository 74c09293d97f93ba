// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api, Refusal, type TakeBack } from '../api.ts';
import { AskedTwice } from '../parts/asked-twice.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useTimes, useWords } from '../words/language.tsx';

/** Where the link of a receipt leads, by which its sender takes a message back. Programs follow links, too: it is asked twice. */
export function TakeBackPage() {
  const { secret = '' } = useParams();
  const { takeBack: words } = useWords();
  const { moment } = useTimes();
  const found = useQuery({ queryKey: ['take-back', secret], queryFn: () => api.takeBack(secret) });
  const taking = useMutation({
    mutationFn: () => api.takeItBack(secret),
    // Its reader has closed it meanwhile, perhaps.
    onError: () => found.refetch(),
  });
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <Problem error={found.error} onTryAgain={() => void found.refetch()} />;
  const isGone = taking.error instanceof Refusal && taking.error.kind === 'mailbox-message-ended';
  if (taking.error !== null && !isGone)
    return <Problem error={taking.error} onTryAgain={() => taking.reset()} />;
  const standing = taking.data ?? found.data;
  if (standing.withdrawnAt !== null)
    return (
      <Page title={words.done}>
        <p>{words.doneSince(moment(standing.withdrawnAt))}</p>
        <p>{openedIn(standing, words, moment)}</p>
      </Page>
    );
  const { declinedAt, endsAt } = standing;
  if (declinedAt !== null || new Date(endsAt) <= new Date())
    return (
      <Page title={words.over}>
        <p>{declinedAt === null ? words.ended(moment(endsAt)) : words.declined(moment(declinedAt))}</p>
        <p>{openedIn(standing, words, moment)}</p>
      </Page>
    );
  return (
    <Page title={words.title}>
      <p>{words.explain(moment(standing.depositedAt), moment(endsAt))}</p>
      <p>{openedIn(standing, words, moment)}</p>
      <AskedTwice
        begin={words.begin}
        sure={words.sure}
        cancel={words.cancel}
        isPending={taking.isPending}
        onSure={() => taking.mutate()}
      />
    </Page>
  );
}

const openedIn = (
  { openedAt }: TakeBack,
  words: { opened: (moment: string) => string; notOpened: string },
  moment: (iso: string) => string,
): string => (openedAt === null ? words.notOpened : words.opened(moment(openedAt)));
