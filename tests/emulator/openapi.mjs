// Spotify's OpenAPI description as JSON Schema, with what it gets wrong about itself put right.

import { Ajv } from 'ajv';
import formats from 'ajv-formats';

// Fields that apps in development mode have not got since February 2026, though the description requires them.
const gone = new Set([
  'available_markets',
  'label',
  'popularity',
  'album_group',
  'external_ids',
  'followers',
  'genres',
  'publisher',
]);
// Places that are null although the description forgets to say so.
const may_be_null = new Set([
  'next',
  'previous',
  'after',
  'before',
  'context',
  'currently_playing',
  'added_by',
  'item',
]);

/** A list's entry: a file of somebody's own has no ids, about which the description says nothing. @param {any} out */
function by_type(out) {
  const of = (/** @type {string} */ kind) =>
    out.oneOf.find((/** @type {any} */ one) => one.$ref?.endsWith(`/${kind}Object`));
  const [track, episode] = [of('Track'), of('Episode')];
  if (!track || !episode) return out;
  const { oneOf: _, discriminator: __, ...rest } = out;
  return {
    ...rest,
    type: 'object',
    required: ['type'],
    if: { properties: { type: { const: 'episode' } } },
    then: episode,
    else: {
      if: { properties: { is_local: { const: true } }, required: ['is_local'] },
      then: {},
      else: track,
    },
  };
}

/** OpenAPI 3.0's `nullable` as JSON Schema says it, and those differences. @param {any} schema @returns {any} */
function corrected(schema) {
  if (Array.isArray(schema)) return schema.map(corrected);
  if (schema === null || typeof schema !== 'object') return schema;
  let out = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, corrected(value)]));
  if (out.nullable === true && typeof out.type === 'string') out.type = [out.type, 'null'];
  delete out.nullable;
  if (Array.isArray(out.required)) out.required = out.required.filter((name) => !gone.has(name));
  for (const [name, property] of Object.entries(out.properties ?? {}))
    if (may_be_null.has(name)) out.properties[name] = { anyOf: [{ type: 'null' }, property] };
  if (out.discriminator && Array.isArray(out.oneOf)) out = by_type(out);
  return out;
}

/**
 * @param {any} description Spotify's, parsed
 * @returns {(method: string, path: string, answer: {status: number, body: any}) => string[]} what is wrong
 */
export function validator(description) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema(corrected(description), 'spotify');
  const escaped = (/** @type {string} */ path) => path.replaceAll('~', '~0').replaceAll('/', '~1');
  return (method, path, { status, body }) => {
    const name = `${method} ${path}`;
    const response = description.paths[path]?.[method]?.responses?.[status];
    if (!response) return [`${name}: ${status} is not in the description`];
    const schema = response.$ref ?? `#/paths/${escaped(path)}/${method}/responses/${status}`;
    const whole = response.$ref
      ? description.components.responses[response.$ref.split('/').at(-1)]
      : response;
    if (!whole.content?.['application/json']) return body === undefined ? [] : [`${name}: has a body`];
    const valid = ajv.validate(
      { $ref: encodeURI(`spotify${schema}/content/application~1json/schema`) },
      body,
    );
    return valid ? [] : [`${name}: ${ajv.errorsText(ajv.errors?.slice(0, 3))}`];
  };
}
