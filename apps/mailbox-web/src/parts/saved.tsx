// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type MouseEvent } from 'react';
import { api, Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';

interface SavedProps {
  href: string;
  label: string;
  /** What is heard, where `label` alone does not tell. */
  name?: string;
}

/**
 * What a browser saves by itself, however large it is. It says little where it can't: so it is asked for first, and only then
 * led to.
 */
export function Saved({ href, label, name }: SavedProps) {
  const { loading } = useWords();
  const faultOf = useFault();
  const queries = useQueryClient();
  const anchor = useRef<HTMLAnchorElement>(null);
  const asking = useMutation({
    mutationFn: () => api.askFor(href),
    onSuccess: () => anchor.current?.click(),
    // The page says why.
    onError: (error) => error instanceof Refusal && queries.invalidateQueries(),
  });
  const ask = (event: MouseEvent) => {
    const isForBrowser = !event.isTrusted || event.ctrlKey || event.metaKey || event.shiftKey;
    if (isForBrowser) return;
    event.preventDefault();
    if (!asking.isPending) asking.mutate();
  };
  return (
    <>
      <a ref={anchor} href={href} download aria-label={name} onClick={ask}>
        {label}
      </a>
      <span role="status">{asking.isPending ? ` ${loading}` : ''}</span>
      <span role="alert">{asking.isError ? ` ${faultOf(asking.error)}` : ''}</span>
    </>
  );
}

/** Why something can't be saved or shown, in words. */
export function useFault(): (error: unknown) => string {
  const { problems } = useWords();
  return (error) => {
    if (!(error instanceof Refusal)) return problems.unreachable.text;
    return error.status === 410 ? problems.ended.text : problems.notFound.text;
  };
}
