// SPDX-License-Identifier: Apache-2.0
import { headerOf, type Header, type HeaderField } from '@securemail/mime';
import { hiddenFields, type HeaderProtection } from './header-protection.ts';
import type { InnermostEntity } from './innermost-entity.ts';
import type { Layer } from './layers.ts';

/** The header of the content with the fields that are protected with it, and how they came there. */
export interface ContentHeader {
  contentHeader: Header | null;
  headerProtection: HeaderProtection | null;
}

/**
 * The header that counts where a gateway encrypted what its sender's program had signed or encrypted already: it can put
 * nothing inside, so what it hid stands at the layer that it found (`protectHeader`). What the content protects itself
 * counts more. Whom it is from is never taken from there: the signature of the content is of the content alone.
 *
 * @param around the header of the last layer within another that says `hp="cipher"`; null where none does.
 * @param layers as they turned out, once all was read.
 */
export function contentHeaderOf(
  innermost: InnermostEntity,
  around: Header | null,
  layers: readonly Layer[],
): ContentHeader {
  const { header } = innermost;
  const own = innermost.headerProtection(layers);
  const isEncrypted = layers.some(({ kind }) => kind === 'encrypted');
  // Content that begins with no field has none of its own to tell where its body begins.
  if (around === null || !isEncrypted || header === null || header.fields.length === 0)
    return { contentHeader: header, headerProtection: own };
  const hidden = hiddenFields(around, null).filter((name) => !OF_SENDER.has(name));
  if (own !== null) {
    const all = new Set([...own.hidden, ...hidden]);
    return { contentHeader: header, headerProtection: { ...own, hidden: [...all] } };
  }
  const names = new Set(hidden);
  const restored = around.fields.filter(({ name }) => names.has(name.toLowerCase()));
  return {
    contentHeader: headerOf([...restored, ...header.fields.filter(isOfContent)]),
    headerProtection: { scheme: 'rfc9788', hidden, legacyDisplay: [] },
  };
}

const OF_SENDER: ReadonlySet<string> = new Set(['from', 'sender']);

const isOfContent = ({ name }: HeaderField) => /^(content-.*|mime-version)$/i.test(name);
