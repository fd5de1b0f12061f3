/** A table by columns, each of one type: what the writers of tables (Parquet, CSV) take. */

/** `integer`: whole numbers up to 2^53; `real`: doubles. */
export type ColumnType = 'text' | 'integer' | 'real' | 'boolean';

/** Null where there is no value. */
export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** As many in each column as the table has rows. */
  readonly values: ArrayLike<Cell>;
}

export interface ColumnTable {
  readonly rows: number;
  readonly columns: readonly Column[];
}
