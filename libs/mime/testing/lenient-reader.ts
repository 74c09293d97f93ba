// SPDX-License-Identifier: Apache-2.0

/** What no mail program shows as anything but text or a picture. */
const STILL = /^(text\/plain|image\/(png|jpeg)|application\/(octet-stream|pdf))$/;

/**
 * What a mail program that takes everything for what it might be would run or fetch of a message: written to be more
 * generous than any, as no library is.
 *
 * @returns the decoded content of each part that is more than text, a picture or an attachment.
 */
export function mayAct(entity: string, defaultType = 'text/plain'): string[] {
  const end = /\r?\n\r?\n|^\r?\n/.exec(entity);
  const header = (end === null ? entity : entity.slice(0, end.index)).replaceAll(/\r?\n[ \t]+/g, ' ');
  const body = end === null ? '' : entity.slice(end.index + end[0].length);
  const values = (name: string) =>
    Array.from(
      header.matchAll(new RegExp(`(?:^|[\\r\\n])${name}[ \\t]*:?[ \\t]*(.*)`, 'gi')),
      ([, value = '']) => value,
    );
  const types = values('content-type');
  const named = values('content-disposition').some((each) =>
    /name[^=]*=.*\.(html?|eml|svg)"?\s*$/i.test(each),
  );
  return (types.length === 0 ? [defaultType] : types).flatMap((value) => {
    const type = (/^[^\s;,()]+/.exec(value.trim())?.[0] ?? '').toLowerCase();
    const texts = [body, ...values('content-transfer-encoding').map((encoding) => decodedBy(encoding, body))];
    if (type.startsWith('multipart/'))
      return texts
        .flatMap((text) => partsOf(value, text))
        .flatMap((part) => mayAct(part, type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'));
    if (type === 'message/rfc822') return texts.flatMap((text) => mayAct(text));
    return STILL.test(type) && !(named && type === 'application/octet-stream') ? [] : texts;
  });
}

function partsOf(value: string, body: string): string[] {
  const boundaries = Array.from(
    value.matchAll(/boundary\s*=\s*(?:"([^"]*)"|([^\s;]*))/gi),
    ([, quoted, plain = '']) => `--${quoted ?? plain}`,
  );
  const lines = body.split(/\r\n|[\r\n]/);
  const starts = lines.flatMap((line, at) => (boundaries.some((each) => line.startsWith(each)) ? [at] : []));
  return starts.map((at, index) => lines.slice(at + 1, starts[index + 1]).join('\r\n'));
}

function decodedBy(encoding: string, body: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('latin1');
  if (!/quoted/i.test(encoding)) return body;
  return body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
