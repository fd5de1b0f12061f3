/** Where a file that is started as a thread or process of its own lies: TypeScript in a checkout, JavaScript in a package. */

/** @param name without its ending. @param from `import.meta.url` of its neighbour */
export function startedFile(name: string, from: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`, from);
}
