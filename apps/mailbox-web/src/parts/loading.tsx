// SPDX-License-Identifier: Apache-2.0
import { useWords } from '../words/language.tsx';

export function Loading() {
  const { loading } = useWords();
  return <p role="status">{loading}</p>;
}
