/** Numbers as a reader of the papers expects them: `.72`, `1.4M`. */

/** An accuracy or probability with `digits` decimals and no zero before the point: `.72`, `1.00`, `-.05`. */
export function formatAccuracy(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return 'not measured';
  return value.toFixed(digits).replace(/^(-?)0\./, '$1.');
}

/** A number of sequences: `0`, `640`, `6.4k`, `64k`, `0.97M`, `1.4M`, `20M`. */
export function formatSequences(sequences: number): string {
  if (!Number.isFinite(sequences)) return 'never';
  const [size, suffix] = sequences >= 1e5 ? [1e6, 'M'] : sequences >= 1e3 ? [1e3, 'k'] : [1, ''];
  const scaled = sequences / size;
  const text = scaled.toFixed(suffix === '' ? 0 : scaled < 10 ? 2 : 1);
  return (text.includes('.') ? text.replace(/\.?0+$/, '') : text) + suffix;
}

/** A whole number with commas between thousands: `12,800`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A share of a whole: `47%`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Math.round(100 * share)}%` : '';
}
