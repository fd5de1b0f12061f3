/**
 * A complete config as YAML with the meaning of every setting beside it: a file to read, change and train. Settings
 * that are not given stand in comments, so that the text lists all there are.
 */
import { Document, isCollection, isMap, isPair, isScalar, type YAMLMap } from 'yaml';
import { type RunConfig, runConfigSchema } from './config.ts';
import { kindsOf, ofKind, type SchemaView, schemaView, viewAt } from './config-schema-view.ts';

/** @param heading lines above the settings, as comments */
export function configYaml(config: RunConfig, heading: readonly string[] = []): string {
  const document = new Document(config);
  const view = schemaView(runConfigSchema);
  if (isMap(document.contents)) annotate(document.contents, [], view, config);
  const top = heading.map((line) => `# ${line}\n`).join('');
  return `${top}${top === '' ? '' : '\n'}${document.toString({ lineWidth: 0 })}`;
}

function annotate(map: YAMLMap, path: readonly string[], root: SchemaView, config: RunConfig): void {
  const here = viewAt(root, path, config);
  const given = new Set<string>();
  for (const item of map.items) {
    if (!isPair(item) || !isScalar(item.key)) continue;
    const key = String(item.key.value);
    given.add(key);
    const view = viewAt(root, [...path, key], config);
    const text = key === 'kind' ? kindText(here, view) : view && settingText(view);
    if (text && isCollection(item.value)) item.key.commentBefore = ` ${text}`;
    if (text && isScalar(item.value)) item.value.comment = ` ${text}`;
    if (isMap(item.value)) annotate(item.value, [...path, key], root, config);
  }
  const kinded = here && ofKind(here, map.toJSON());
  const absent = Object.entries(kinded?.properties ?? {}).filter(([key]) => !given.has(key));
  if (absent.length > 0) {
    map.comment = absent.map(([key, view]) => ` ${key}: ${settingText(view)}`).join('\n');
  }
}

/** `adam or sgd`, with what is said of the kind that was chosen. */
function kindText(parent: SchemaView | undefined, view: SchemaView | undefined): string {
  const kinds = kindsOf(parent);
  const choice = kinds.length > 1 ? `one of ${kinds.join(', ')}` : '';
  return [view?.description, choice].filter((part) => part).join('; ');
}

/** What a setting means, and what it may be where that is a choice. */
function settingText(view: SchemaView): string {
  const choices = view.enum ? `one of ${view.enum.join(', ')}` : '';
  const fields = view.items ? Object.keys(view.items.properties ?? {}) : [];
  const items = fields.length > 0 ? `items have ${fields.join(', ')}` : '';
  return [view.description, choices, items].filter((part) => part).join('; ');
}
