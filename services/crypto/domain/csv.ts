// SPDX-License-Identifier: Apache-2.0

/** A row, or what is wrong with it; by the line that it begins on. */
export type Row = { line: number; fields: string[] } | { line: number; broken: string };

/** Of a row, in characters: a certificate has a few thousand. What is longer is passed over without being kept. */
const LONGEST = 64 * 1024;

/**
 * Reads comma-separated values (RFC 4180) as they come, in the memory of one row: quotes with line breaks in them, LF or
 * CRLF, a byte order mark, and semicolons or tabs where the first row has one before any comma, as
 * spreadsheets write them. Empty lines are no rows.
 */
export async function* csvRows(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Row> {
  const reader = new RowReader();
  for await (const chunk of chunks) {
    for (const character of chunk) {
      const row = reader.take(character);
      if (row !== null) yield row;
    }
  }
  const last = reader.end();
  if (last !== null) yield last;
}

class RowReader {
  #line = 1;
  #beganOn = 1;
  #atStart = true;
  #delimiter: string | null = null;
  #fields: string[] = [];
  #field = '';
  #size = 0;
  #broken: string | null = null;
  #place: 'field-begins' | 'bare' | 'quoted' | 'quote-in-quoted' = 'field-begins';

  take(character: string): Row | null {
    const first = this.#atStart;
    this.#atStart = false;
    if (first && character === '\ufeff') return null;
    if (character === '\n') this.#line += 1;
    if (this.#place === 'quoted') {
      if (character === '"') this.#place = 'quote-in-quoted';
      else this.#keep(character);
      return null;
    }
    if (this.#place === 'quote-in-quoted' && character === '"') {
      this.#place = 'quoted';
      this.#keep(character);
      return null;
    }
    if (character === '\n') return this.#endRow();
    if (character === '\r') return null;
    if (this.#isDelimiter(character)) {
      this.#endField();
      return null;
    }
    if (character === '"' && this.#place === 'field-begins') {
      this.#place = 'quoted';
      return null;
    }
    if (character === '"' || this.#place === 'quote-in-quoted') this.#broken ??= 'a quote is out of place';
    this.#place = 'bare';
    this.#keep(character);
    return null;
  }

  end(): Row | null {
    if (this.#place === 'quoted') this.#broken ??= 'a quote is not closed';
    return this.#endRow();
  }

  #isDelimiter(character: string): boolean {
    if (this.#delimiter === null && /[,;\t]/.test(character)) this.#delimiter = character;
    return character === this.#delimiter;
  }

  #keep(character: string): void {
    this.#size += 1;
    if (this.#size > LONGEST) {
      this.#broken ??= `it is longer than ${LONGEST} characters`;
      this.#field = '';
      this.#fields = [];
    } else this.#field += character;
  }

  #endField(): void {
    if (this.#broken === null) this.#fields.push(this.#field.trim());
    this.#field = '';
    this.#place = 'field-begins';
    this.#keep('');
  }

  #endRow(): Row | null {
    this.#endField();
    const [line, fields, broken] = [this.#beganOn, this.#fields, this.#broken];
    this.#beganOn = this.#line;
    this.#fields = [];
    this.#size = 0;
    this.#broken = null;
    if (broken !== null) return { line, broken };
    return fields.every((field) => field === '') ? null : { line, fields };
  }
}
