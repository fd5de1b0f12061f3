/**
 * A schema as its reader sees it: which keys stand at a path, and what a value there may be. Read off the schema's
 * public JSON Schema form, so that messages and help never disagree with what is accepted.
 */
import { z } from 'zod';

/** The part of JSON Schema that our configs use. */
export interface SchemaView {
  readonly type?: 'integer' | 'number' | 'boolean' | 'string' | 'null' | 'array' | 'object';
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly items?: SchemaView | false;
  readonly anyOf?: readonly SchemaView[];
  readonly oneOf?: readonly SchemaView[];
}

/** Made once each: it takes longer than checking a config does. */
const views = new WeakMap<z.ZodType, SchemaView>();

export function schemaView(schema: z.ZodType): SchemaView {
  const known = views.get(schema);
  if (known) return known;
  const view = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaView;
  views.set(schema, view);
  return view;
}

/**
 * The schema at a path; where objects come in kinds, of the kind the data at hand say. Undefined where the path leads
 * out of the schema.
 */
export function viewAt(
  view: SchemaView,
  path: readonly PropertyKey[],
  data: unknown,
): SchemaView | undefined {
  let current: SchemaView | undefined = view;
  let value: unknown = data;
  for (const key of path) {
    const object: SchemaView | undefined = current && ofKind(current, value);
    const properties: SchemaView['properties'] = object?.properties;
    if (properties && Object.hasOwn(properties, String(key))) current = properties[String(key)];
    else if (object?.type === 'array' && object.items) current = object.items;
    else return undefined;
    value = memberOf(value, key);
  }
  return current;
}

/** Of a union the member with the data's `kind`, or else the only one that is an object; anything else as it is. */
export function ofKind(view: SchemaView, value: unknown): SchemaView {
  const options = view.oneOf ?? view.anyOf;
  if (!options) return view;
  const kind = memberOf(value, 'kind');
  const objects = options.filter((option) => option.properties);
  return (
    objects.find((option) => option.properties?.kind?.const === kind) ??
    (objects.length === 1 ? objects[0] : undefined) ??
    options.find((option) => option.type === 'array') ??
    view
  );
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** Names of the keys an object at this place may have; empty where it is no object. */
export function keysOf(view: SchemaView, value: unknown): string[] {
  return Object.keys(ofKind(view, value).properties ?? {});
}

/** The kinds an object here comes in; empty where it has none. */
export function kindsOf(view: SchemaView | undefined): string[] {
  return (view?.oneOf ?? [])
    .map((option) => option.properties?.kind?.const)
    .filter((kind) => typeof kind === 'string');
}

/** `an integer >= 1`, `one of adam, sgd`: what to write here. */
export function expectation(view: SchemaView): string {
  const kinds = kindsOf(view);
  if (kinds.length > 0) return `settings of one kind: ${kinds.join(', ')}`;
  if (view.oneOf ?? view.anyOf) return (view.oneOf ?? view.anyOf ?? []).map(expectation).join(' or ');
  if (view.const !== undefined) return JSON.stringify(view.const);
  if (view.enum) return view.enum.length === 1 ? String(view.enum[0]) : `one of ${view.enum.join(', ')}`;
  if (view.type === undefined) return 'something else';
  switch (view.type) {
    case 'integer':
      return `an integer${range(view)}`;
    case 'number':
      return `a number${range(view)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a text';
    case 'null':
      return 'null';
    case 'array':
      return view.minItems ? `a list of at least ${view.minItems}` : 'a list';
    case 'object':
      return `settings (${Object.keys(view.properties ?? {}).join(', ')})`;
  }
}

/** ` >= 1 and <= 64`; the limits of safe integers are not worth saying. */
function range(view: SchemaView): string {
  const parts: string[] = [];
  if (view.exclusiveMinimum !== undefined) parts.push(`> ${view.exclusiveMinimum}`);
  if (view.minimum !== undefined && view.minimum > Number.MIN_SAFE_INTEGER) parts.push(`>= ${view.minimum}`);
  if (view.exclusiveMaximum !== undefined) parts.push(`< ${view.exclusiveMaximum}`);
  if (view.maximum !== undefined && view.maximum < Number.MAX_SAFE_INTEGER) parts.push(`<= ${view.maximum}`);
  return parts.length > 0 ? ` ${parts.join(' and ')}` : '';
}
