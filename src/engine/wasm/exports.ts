/** What assembly/index.ts exports: pointers and strides are bytes. */
export interface KernelExports {
  readonly [name: string]: (...values: number[]) => number;
}
