// SPDX-License-Identifier: Apache-2.0
export { openDocument, type DocumentOptions } from './document.ts';
export { pageWriter, type PageWriter, type Row } from './page.ts';
