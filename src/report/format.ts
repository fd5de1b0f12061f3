/** Numbers as a reader of the papers expects them: `.72`, `1.4M`. */

/** An accuracy or probability with `digits` decimals and no zero before the point: `.72`, `1.00`, `-.05`. */
export function formatAccuracy(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return 'not measured';
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}

/** A number of sequences to three digits: `0`, `640`, `6.4k`, `104k`, `968k`, `1.21M`, `20M`. */
export function formatSequences(sequences: number): string {
  if (!Number.isFinite(sequences)) return 'never';
  // Rounded before the unit is chosen: 999,900 is 1M, not 1000k.
  const rounded = sequences < 1e3 ? Math.round(sequences) : Number(sequences.toPrecision(3));
  const [size, suffix] = rounded >= 1e6 ? [1e6, 'M'] : rounded >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((rounded / size).toFixed(2))}${suffix}`;
}

/** A whole number with commas between thousands: `12,800`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share of a whole: `47%`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)}%` : '';
}

/** A size on disk or in memory in decimal units: `0 B`, `812 kB`, `62 MB`, `1.4 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes / 1000;
  let unit = 0;
  // Rounded before the unit is chosen: 999,900 is 1 MB, not 1000 kB.
  while (Math.round(size) >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${units[unit]}`;
}
