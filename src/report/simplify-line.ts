/** A line with the points that show and no others: Ramer's and Douglas and Peucker's algorithm (1972, 1973). */

export interface LinePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * The first point, the last, and between them as few as leave no point of the line further off than the tolerance, both
 * in the units of x and y (px). Points in order of x.
 */
export function simplifyLine<Point extends LinePoint>(line: readonly Point[], tolerance: number): Point[] {
  const kept = new Uint8Array(line.length);
  const spans: [number, number][] = line.length > 2 ? [[0, line.length - 1]] : [];
  kept.fill(1, 0, Math.min(1, line.length));
  kept.fill(1, Math.max(0, line.length - 1));
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [first, last] = span;
    const farthest = farthestFrom(line, first, last);
    if (farthest.distance <= tolerance) continue;
    kept[farthest.index] = 1;
    if (farthest.index - first > 1) spans.push([first, farthest.index]);
    if (last - farthest.index > 1) spans.push([farthest.index, last]);
  }
  return line.filter((_, i) => kept[i] === 1);
}

/** The point between two others that lies farthest from the straight line through them. */
function farthestFrom(line: readonly LinePoint[], first: number, last: number) {
  const [from, to] = [line[first], line[last]];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.sqrt(dx * dx + dy * dy);
  const farthest = { index: first, distance: -1 };
  for (let i = first + 1; i < last; i++) {
    const [px, py] = [line[i].x - from.x, line[i].y - from.y];
    const distance = length === 0 ? Math.sqrt(px * px + py * py) : Math.abs(px * dy - py * dx) / length;
    if (distance > farthest.distance) [farthest.index, farthest.distance] = [i, distance];
  }
  return farthest;
}

/** The line below a height; where it goes above, it follows the height. Figures cut so need no clip paths. */
export function cutLine(line: readonly LinePoint[], top: number): LinePoint[] {
  const isAbove = ({ y }: LinePoint) => y > top;
  return line.flatMap((point, i) => {
    const before = line[i - 1];
    const isInside = isAbove(point) ? [] : [{ x: point.x, y: point.y }];
    if (before === undefined || isAbove(before) === isAbove(point)) return isInside;
    const share = (top - before.y) / (point.y - before.y);
    return [{ x: before.x + share * (point.x - before.x), y: top }, ...isInside];
  });
}
