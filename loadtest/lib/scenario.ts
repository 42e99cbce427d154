// What a scenario is: a name, a table of options, and a function that does the work and returns figures.
import type { Rig } from './rig';

export type Value = number | string | boolean;
export interface Option<V extends Value = Value> { value: V; text: string }
export type Options = Record<string, Option>;
type Widened<V> = V extends number ? number : V extends string ? string : boolean;
export type Values<O extends Options> = { [K in keyof O]: Widened<O[K]['value']> };

export type Figure = number | string | boolean | null | Figure[] | { [key: string]: Figure };
/** JSON key → figure; the order is the order of the report. */
export type Figures = Record<string, Figure>;

export interface Scenario {
  name: string;
  help: string;
  /** name → initial value (which is also its type) and what it means; `members` is given as --members N */
  options: Options;
  run(rig: Rig, o: any): Promise<Figures>;
}

/** Typed by its own table of options. */
export function scenario<const O extends Options>(s: Omit<Scenario, 'options' | 'run'> & { options: O;
  run(rig: Rig, o: Values<O>): Promise<Figures> }): Scenario {
  return s;
}

/** A mistake of the person at the keyboard: said without a stack. */
export class Usage extends Error {}

function valueOf(name: string, option: Option, text: string): Value {
  if (typeof option.value !== 'number') return text;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number < 0) throw new Usage(`--${name}: ${text} is not a number`);
  return number;
}

/** `--name value`, and `--name` alone for what is on or off. Names may be written with - for _. */
export function readOptions(options: Options, args: string[]): Record<string, Value> {
  const values = Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.value]));
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!.replace(/^--/, '').replaceAll('-', '_');
    const option = args[i]!.startsWith('--') ? options[name] : undefined;
    if (!option) throw new Usage(`unknown option: ${args[i]}`);
    if (typeof option.value === 'boolean') values[name] = true;
    else if (i + 1 === args.length) throw new Usage(`no value for ${args[i]}`);
    else values[name] = valueOf(name, option, args[++i]!);
  }
  return values;
}

export function optionHelp(options: Options): string {
  return Object.entries(options)
    .map(([name, { value, text }]) => `  ${`--${name.replaceAll('_', '-')}${typeof value === 'boolean' ? '' : ` ${value}`}`.padEnd(24)} ${text}\n`)
    .join('');
}
