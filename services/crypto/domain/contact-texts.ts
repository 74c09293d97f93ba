// SPDX-License-Identifier: Apache-2.0
import type { Language } from '@securemail/contracts';

/** Of a contact whose mailbox forwards outside, where that is refused: for who edits the list. */
export const CONTACT_FORWARDS: Record<Language, string> = {
  en: 'Its mailbox forwards outside your organisation, so what is written to it in SecureMailBox is held. Have the forwarding ended, or name another mailbox.',
  da: 'Dens postkasse videresender ud af din organisation, så det, der skrives til den i SecureMailBox, bliver holdt tilbage. Få videresendelsen slået fra, eller angiv en anden postkasse.',
  de: 'Ihr Postfach leitet aus Ihrer Organisation hinaus weiter, daher wird zurückgehalten, was ihr in SecureMailBox geschrieben wird. Lassen Sie die Weiterleitung beenden, oder geben Sie ein anderes Postfach an.',
};
