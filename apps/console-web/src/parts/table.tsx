// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

/** Rows below their heads; where they are wider than the page they are scrolled, also by keys. */
export function Table({
  label,
  heads,
  children,
}: {
  /** What whoever listens is told that it is. */
  label: string;
  heads: readonly string[];
  children: ReactNode;
}) {
  return (
    <div className="wide" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head) => (
              <th scope="col" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
