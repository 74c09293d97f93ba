// SPDX-License-Identifier: Apache-2.0

/** As the API takes it; what is no time is for the API to refuse. @param typed in a field for time and day, of the zone of who types. */
export function momentOf(typed: string): string {
  const at = new Date(typed);
  return Number.isNaN(at.getTime()) ? typed : at.toISOString();
}

export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
