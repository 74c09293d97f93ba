// SPDX-License-Identifier: Apache-2.0
import { Refusal } from '../api.ts';
import { useWords } from '../words/language.tsx';

/** What went wrong with an answer or a letter, in words. @param otherwise where nothing was answered. */
export function useDraftFault(): (error: unknown, otherwise: string) => string {
  const { writing: words, problems } = useWords();
  return (error, otherwise) => {
    switch (error instanceof Refusal ? error.kind : '') {
      case 'too-many-replies':
        return words.tooMany;
      case 'reply-too-large':
        return words.tooMuch;
      case 'file-not-whole':
        return words.notWhole;
      case 'file-not-checked':
        return words.notChecked;
      case 'file-harmful':
        return words.removeHarmful;
      case 'file-unscannable':
        return words.removeUnscannable;
      case 'draft-not-found':
        return words.gone;
      case 'draft-being-sent':
        return words.beingSent;
      case 'draft-changed':
        return words.changed;
      case 'invalid-request':
        return error instanceof Refusal && error.fields.includes('subject')
          ? words.subjectRefused
          : words.refused;
      case 'not-signed-in':
        return words.signedOut;
      case 'contact-not-found':
        return problems.nobody.text;
      case 'mailbox-message-ended':
        return problems.ended.text;
      default:
        return error instanceof Refusal ? words.refused : otherwise;
    }
  };
}
