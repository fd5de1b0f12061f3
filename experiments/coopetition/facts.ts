/** Facts about a run as rows of a page's table. */
import type { Facts } from './scale.ts';

/** @param prefix stands before each name */
export function factsOf(prefix: string, facts: Facts): [string, string][] {
  return Object.entries(facts).map(([name, value]) => [`${prefix}${name}`, String(value)]);
}
