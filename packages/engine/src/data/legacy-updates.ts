import { validationError } from '../errors.js';
import { type AttributeValue, checkValue } from '../value/index.js';
import { typeOf } from './keys.js';
import type { LegacyPlaceholders } from './legacy-placeholders.js';

const INVALID = 'One or more parameter values were invalid: ';

type RawUpdate = { readonly Action?: string; readonly Value?: unknown };

type Sections = Record<'SET' | 'REMOVE' | 'ADD' | 'DELETE', string[]>;

/** The update expression for AttributeUpdates (docs: LegacyConditionalParameters); undefined when it is empty. */
export function updatesExpression(updates: unknown, placeholders: LegacyPlaceholders): string | undefined {
  const sections: Sections = { SET: [], REMOVE: [], ADD: [], DELETE: [] };
  for (const [attribute, update] of Object.entries((updates ?? {}) as Record<string, RawUpdate>)) {
    addUpdate(sections, placeholders, attribute, update);
  }
  const texts = Object.entries(sections).filter(([, actions]) => actions.length > 0);
  if (texts.length === 0) return undefined;
  return texts.map(([keyword, actions]) => `${keyword} ${actions.join(', ')}`).join(' ');
}

function addUpdate(sections: Sections, placeholders: LegacyPlaceholders, attribute: string, update: RawUpdate): void {
  const { Action: action = 'PUT', Value: raw } = update;
  const name = placeholders.name(attribute);
  if (raw === undefined) {
    if (action === 'DELETE') sections.REMOVE.push(name);
    else throw validationError(`${INVALID}Only DELETE action is allowed when no attribute value is specified`);
    return;
  }
  const { value } = checkValue(raw, { nestsAsStored: true });
  if (action === 'ADD') addition(sections, placeholders, name, value);
  else if (action === 'DELETE') deletion(sections, placeholders, name, value);
  else sections.SET.push(`${name} = ${placeholders.value(value)}`);
}

/** ADD appends to lists, which an expression's ADD does not. */
function addition(sections: Sections, placeholders: LegacyPlaceholders, name: string, value: AttributeValue): void {
  const type = typeOf(value);
  if (type === 'L') {
    const [none, more] = [placeholders.value({ L: [] }), placeholders.value(value)];
    sections.SET.push(`${name} = list_append(if_not_exists(${name}, ${none}), ${more})`);
  } else if (type === 'N' || type.length === 2) {
    sections.ADD.push(`${name} ${placeholders.value(value)}`);
  } else {
    throw validationError(`${INVALID}ADD action is not supported for the type ${type}`);
  }
}

function deletion(sections: Sections, placeholders: LegacyPlaceholders, name: string, value: AttributeValue): void {
  const type = typeOf(value);
  if (type.length !== 2) {
    throw validationError(`${INVALID}DELETE action with value is not supported for the type ${type}`);
  }
  sections.DELETE.push(`${name} ${placeholders.value(value)}`);
}
