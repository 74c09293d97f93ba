// SPDX-License-Identifier: Apache-2.0

/**
 * Whether an `Accept` asks for OpenMetrics 1.0 before plain text. By hand, as libraries for it compare all parameters, and
 * each version of Prometheus adds some (`escaping`).
 */
export function prefersOpenMetrics(accept = ''): boolean {
  const asked = accept.split(',').flatMap((entry) => {
    const [type, ...given] = entry.split(';').map((part) => part.trim().toLowerCase());
    const parameters = new Map(given.map((each) => [each.split('=')[0], each.split('=')[1]]));
    const quality = Number(parameters.get('q') ?? 1);
    const isOpen =
      type === 'application/openmetrics-text' && (parameters.get('version') ?? '1.0.0') === '1.0.0';
    return quality > 0 && (isOpen || type === 'text/plain') ? [{ isOpen, quality }] : [];
  });
  return asked.toSorted((a, b) => b.quality - a.quality)[0]?.isOpen === true;
}
