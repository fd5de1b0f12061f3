/** Settings as a reader of a report meets them. Pure. */

/** `data.source.sigma=0.3` as it would be typed; `none` where a run lacks the setting; without a path the value alone. */
export function typedSetting(path: string, value: unknown): string {
  const shown = value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return path === '' ? shown : `${path}=${shown}`;
}
