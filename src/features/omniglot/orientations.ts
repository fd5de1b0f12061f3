/**
 * The eight orientations of a drawing, each a class of its own (docs/specification.md, "Data"): orientation = 2 * (counter-clockwise
 * quarter turns) + (1 if then flipped left-right). Exact: pixels move and keep their values.
 */

export const orientations = 8;

/**
 * Where each pixel of a turned square picture comes from: `turned[i] = upright[orientation[i]]`, rows of `side` pixels.
 * @param orientation 0 .. 7
 */
export function orientationOrder(orientation: number, side: number): Uint16Array {
  const turns = orientation >> 1;
  const isFlipped = (orientation & 1) === 1;
  const order = new Uint16Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let [y, x] = [row, isFlipped ? side - 1 - column : column];
      // One counter-clockwise turn brings the right edge to the top.
      for (let turn = 0; turn < turns; turn++) [y, x] = [x, side - 1 - y];
      order[row * side + column] = y * side + x;
    }
  }
  return order;
}
