// SPDX-License-Identifier: Apache-2.0

export interface ReceivedMail {
  /** The content exactly as it came between DATA and the final dot, dot-stuffing undone (RFC 5321 §4.5.2). */
  content: Buffer;
  /** Empty for the null reverse-path. */
  mailFrom: string;
  /** Those that were taken. */
  rcptTo: string[];
  /** What MAIL FROM said of it: BODY (RFC 6152) and SMTPUTF8 (RFC 6531). */
  parameters: { body: string; smtpUtf8: boolean };
  /** Null where the mail came in clear text. */
  tls: { protocol: string; cipher: string; serverName: string | null } | null;
  /** The same for mails that came over one connection. */
  connectionId: string;
  /** What the client called itself in EHLO. */
  clientName: string;
  /** When its final dot was there. */
  time: Date;
}

export interface Inbox {
  add(mail: ReceivedMail): void;
  list(): ReceivedMail[];
  waitFor(predicate: (mail: ReceivedMail) => boolean, timeout: number): Promise<ReceivedMail>;
  clear(): void;
}

export function inbox(): Inbox {
  let mails: ReceivedMail[] = [];
  const waiting = new Set<(mail: ReceivedMail) => void>();
  return {
    add(mail) {
      mails.push(mail);
      for (const tell of [...waiting]) tell(mail);
    },
    list: () => [...mails],
    clear() {
      mails = [];
    },
    async waitFor(predicate, timeout) {
      const there = mails.find(predicate);
      if (there !== undefined) return there;
      return await new Promise((resolve, reject) => {
        const tell = (mail: ReceivedMail) => {
          if (!predicate(mail)) return;
          clearTimeout(timer);
          waiting.delete(tell);
          resolve(mail);
        };
        const timer = setTimeout(() => {
          waiting.delete(tell);
          reject(
            new Error(
              `the mail that was waited for did not come in ${timeout} ms; ${mails.length} others did`,
            ),
          );
        }, timeout);
        waiting.add(tell);
      });
    },
  };
}
