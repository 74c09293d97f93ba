// SPDX-License-Identifier: Apache-2.0

/** Of a message, or an entity, that carries a Signature certificate: what it is about, octet for octet. */
export function firstPartOf(message: Buffer | string): string {
  const text = typeof message === 'string' ? message : message.toString('latin1');
  const boundary = /^Content-Type: multipart\/mixed; boundary="([^"]+)"/m.exec(text)?.[1];
  if (boundary === undefined) throw new Error('it carries no Signature certificate');
  const [, first = '', second = ''] = text.split(`--${boundary}\r\n`);
  if (!second.includes('Content-Type: application/pdf')) throw new Error('its second part is no PDF');
  return first.slice(0, -'\r\n'.length);
}
